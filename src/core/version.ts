/** The version in package.json; a test compares them. Panes see it as TERM_PROGRAM_VERSION, peers in the hello. */
export const VERSION = '0.1.0';
