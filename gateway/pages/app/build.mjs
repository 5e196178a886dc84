// Builds the scripts of the pages into ../dist, each packed by gzip, as browsers take them. ../dist is in the
// repository: whoever builds btgw needs no node. The same sources give the same scripts; scripts/pages compares them.
import { build } from 'esbuild';
import { copyFile, mkdir, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { gzipSync } from 'node:zlib';

const out = process.argv[2] ?? '../dist';
await rm(out, { recursive: true, force: true });
await mkdir(out, { recursive: true });
await build({
  entryPoints: { app: 'src/app.ts' }, entryNames: '[name]-[hash]', bundle: true, splitting: true, format: 'esm', target: ['chrome110', 'firefox115', 'safari16.4'],
  minify: true, charset: 'utf8', legalComments: 'inline', outdir: out, chunkNames: '[name]-[hash]',
  external: ['node:*', 'fs', 'worker_threads', 'module', 'path'], logLevel: 'warning', loader: { '.css': 'text' },
});
await copyFile('src/icon.svg', out + '/icon.svg');
for (const name of await readdir(out)) {
  await writeFile(`${out}/${name}.gz`, gzipSync(await readFile(`${out}/${name}`), { level: 9 }));
  await rm(`${out}/${name}`);
}
