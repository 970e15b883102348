import type { daemonRequests } from '../protocol/control.ts';
import type { RequestName, RequestParams, RequestResult } from '../protocol/request-table.ts';

type DaemonRequests = typeof daemonRequests;

export type RequestDaemon = <N extends RequestName<DaemonRequests>>(
  name: N,
  params: RequestParams<DaemonRequests, N>,
) => Promise<RequestResult<DaemonRequests, N>>;
