// Renders OpenMoji's drawings at any size, those alone that the data set has: drawings that are kept for checks stay out.
//   npm install openmoji@17.0.0 @resvg/resvg-js@2.6.2
//   node render-openmoji.mjs captions.csv SIZE[,SIZE …] FOLDER
// FOLDER gets color-NAME-SIZE.png and outline-NAME-SIZE.png, RGB on white; files that are there are kept.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

const require = createRequire(join(process.cwd(), 'here.js'));
const { Resvg } = require('@resvg/resvg-js');
const drawings = dirname(require.resolve('openmoji/package.json'));
const [captions, sizes, folder] = process.argv.slice(2);
if (!folder) {
  console.error('usage: node render-openmoji.mjs captions.csv SIZE[,SIZE …] FOLDER');
  process.exit(2);
}
const names = readFileSync(captions, 'utf8').split('\n').slice(1).filter(line => line).map(line => line.split('.png,')[0]);
mkdirSync(folder, { recursive: true });
for (const name of names)
  for (const [kind, source] of [['color', 'color'], ['outline', 'black']]) {
    const svg = readFileSync(join(drawings, source, 'svg', `${name}.svg`));
    for (const size of sizes.split(',').map(Number)) {
      const path = join(folder, `${kind}-${name}-${size}.png`);
      if (!existsSync(path))
        writeFileSync(path, new Resvg(svg, { fitTo: { mode: 'width', value: size }, background: '#ffffff' }).render().asPng());
    }
  }
