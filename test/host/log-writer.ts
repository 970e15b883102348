import { createLogFile } from '../../src/host/log-file.ts';

/** `log-writer.ts FILE MAX_SIZE RETAIN FIRST COUNT`: writes lines `FIRST` … and says on stdout what is on disk, until it is killed. */
const [file, maxSize, retain, first, count] = process.argv.slice(2);
const log = createLogFile({
  path: file!,
  maxSizeBytes: Number(maxSize),
  intervalMs: null,
  retain: Number(retain),
  compressor: null,
  describeDrop: () => 'dropped\n',
});
for (let line = Number(first); line < Number(first) + Number(count); line += 20) {
  log.append(Buffer.from(Array.from({ length: 20 }, (_, i) => `${line + i}\n`).join('')));
  await log.flushed();
  process.stdout.write(`${line + 19}\n`);
}
await log.close();
