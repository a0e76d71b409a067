'use strict';
// Draws all charts of a run as SVG files:  node svg.js DATA.json FOLDER
const fs = require('node:fs');
const path = require('node:path');
const echarts = require('./echarts.common.min.js');
const { chartsOf } = require('./charts.js');

const [, , file, folder] = process.argv;
// JMH has scores without an error, which JSON cannot say otherwise.
const data = JSON.parse(fs.readFileSync(file, 'utf8').replace(/:NaN/g, ':null'));
const charts = chartsOf(data);
for (const { id, title, height, option } of charts) {
  const chart = echarts.init(null, null, { renderer: 'svg', ssr: true, width: 900, height: height + 40 });
  const drawn = option('light');
  drawn.backgroundColor = '#ffffff';
  drawn.title = { text: title, left: 'center', bottom: 4, textStyle: { fontSize: 13, fontWeight: 'normal' } };
  drawn.grid = { ...drawn.grid, bottom: (drawn.grid.bottom || 40) + 30 };
  chart.setOption(drawn);
  fs.writeFileSync(path.join(folder, `${id}.svg`), chart.renderToSVGString());
  chart.dispose();
}
console.log(`perf/run: ${charts.length} charts as SVG files in ${folder}`);
