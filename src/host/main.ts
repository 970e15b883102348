import { parseArgs } from 'node:util';
import { VERSION } from '../core/version.ts';
import { type Connection, createHello, openConnection } from '../protocol/connection.ts';
import { hostRequests } from '../protocol/control.ts';
import { dispatchRequest } from '../protocol/dispatch-request.ts';
import { acquireLock, listen } from '../protocol/endpoint.ts';
import { createDaemonKeeper } from './daemon-keeper.ts';
import { createHost } from './host.ts';

/**
 * The host's entry: `host/main.js --session NAME --socket PATH --lock PATH --daemon-entry PATH`. Started by the daemon; exits 0 at once if
 * another host of the session lives. What it prints goes to the host's log.
 */
const { values } = parseArgs({
  options: {
    session: { type: 'string' },
    socket: { type: 'string' },
    lock: { type: 'string' },
    'daemon-entry': { type: 'string' },
  },
});
const { session, socket: socketPath, lock: lockPath, 'daemon-entry': daemonEntry } = values;
if (!session || !socketPath || !lockPath || !daemonEntry) {
  console.error('the host is started by nonet’s daemon, not by hand');
  process.exit(2);
}

const lock = await acquireLock(lockPath);
if (!lock) process.exit(0);

// A terminal that closes, a log that cannot be written, a defect anywhere below: none may take nine programs along.
process.on('SIGHUP', () => {});
process.on('SIGINT', () => {});
process.on('SIGPIPE', () => {});
process.on('SIGTERM', leave);
process.on('uncaughtException', (error) => report(`unexpected: ${error.stack ?? error.message}`));
process.on('unhandledRejection', (error) =>
  report(`unexpected: ${error instanceof Error ? error.stack : String(error)}`),
);

const keeper = createDaemonKeeper({ execPath: process.execPath, entry: daemonEntry, session, report });
const host = createHost({ version: VERSION, onShutdown: leave, startDaemonsFrom: keeper.use });
const tracing = process.env['NONET_LOG'] === 'trace';
const hello = createHello('host', session, VERSION);
const daemons = new Set<Connection>();

const MAX_CONNECTIONS = 256;
const endpoint = await listen(socketPath, (socket) => {
  openConnection(socket, hello, {
    onOpen: welcome,
    onRequest(name, params, connection) {
      if (tracing) report(`trace request ${name} from ${connection.peer.role} ${connection.peer.pid}`);
      return dispatchRequest({ table: hostRequests, handlers: host.handlers, name, params }, connection);
    },
    onEvent: (event, connection) => host.onClientEvent(event, connection),
    onError: (error) => report(`unexpected: ${error instanceof Error ? error.stack : String(error)}`),
  }).catch(() => {
    // Not one of us, or of another version: it was told and is gone.
  });
});

// Far more than there are clients; without a bound a flood of connections would take the descriptors that panes need.
endpoint.server.maxConnections = MAX_CONNECTIONS;

// Without it another host could be started beside this one.
setInterval(() => void lock.keep().catch(() => {}), 1_000).unref();

// Whoever started us was killed before it could connect: nobody else will ever ask for this host.
const unwanted = setTimeout(leave, 30_000);

/** A disk that does not answer must not keep the host. */
const LOG_PATIENCE_MS = 1_000;

function welcome(connection: Connection): void {
  if (connection.peer.role === 'client') {
    host.addClient(connection);
    return;
  }
  if (connection.peer.role !== 'daemon') {
    connection.close();
    return;
  }
  clearTimeout(unwanted);
  daemons.add(connection);
  host.addDaemon(connection);
  keeper.connected();
  connection.onClose(() => {
    daemons.delete(connection);
    keeper.lost(daemons.size > 0);
  });
}

function leave(): void {
  keeper.stop();
  endpoint.close();
  const logged = host.dispose();
  lock?.release();
  // The reply to `shutdown` is still on its way.
  setTimeout(() => void logged.finally(() => process.exit(0)), 20);
  setTimeout(() => process.exit(0), LOG_PATIENCE_MS);
}

function report(message: string): void {
  console.error(`${new Date().toISOString()} ${message}`);
}
