/** setTimeout's longest delay, about 24 days: a longer one would fire at once. https://nodejs.org/api/timers.html#settimeoutcallback-delay-args */
export const MAX_TIMER_MS = 2_147_483_647;
