import type { daemonRequests, RequestName, RequestParams, RequestResult } from '../protocol/control.ts';

type DaemonRequests = typeof daemonRequests;

export type RequestDaemon = <N extends RequestName<DaemonRequests>>(
  name: N,
  params: RequestParams<DaemonRequests, N>,
) => Promise<RequestResult<DaemonRequests, N>>;
