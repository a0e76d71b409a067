'use strict';
// Lays the run out on the page. `data`, `echarts` and `chartsOf` are there already.

function element(tag, text, parent, className) {
  const node = document.createElement(tag);
  if (text) node.textContent = text;
  if (className) node.className = className;
  parent.append(node);
  return node;
}

const LATENCIES = [
  ['p50 us', (r) => r.latencies.p50],
  ['p99 us', (r) => r.latencies.p99, 'P99'],
  ['max us', (r) => r.latencies.max],
];
const COSTS = [
  ['CPU us/msg', (r) => (r.server ? r.server.cpuMicros : NaN), 'CPU'],
  ['msg/s', (r) => r.perSecond],
];

function number(value) {
  if (!Number.isFinite(value)) return '';
  return value < 100 ? value.toFixed(2) : Math.round(value).toLocaleString('en');
}

function table(found, parent) {
  const { baseline } = data.results;
  const paced = Object.values(found.rounds)[0][0].plan.rate > 0; // then the rate is given, not found
  const figures = paced ? LATENCIES : [...COSTS, ...LATENCIES];
  const node = element('table', '', element('div', '', parent, 'wide'));
  const head = element('tr', '', element('thead', '', node));
  element('th', 'server', head);
  for (const [title, , ratio] of figures) {
    element('th', title, head);
    if (ratio) element('th', `ratio to ${baseline}`, head);
  }
  const body = element('tbody', '', node);
  for (const [name, rounds] of Object.entries(found.rounds)) {
    const row = element('tr', '', body);
    element('th', data.results.contenders[name] || name, row);
    for (const [, of, ratio] of figures) {
      const values = rounds.map(of);
      const middle = median(values);
      const spread = (Math.max(...values) - Math.min(...values)) / 2 / middle;
      const cell = element('td', number(middle), row);
      if (rounds.length > 1 && Number.isFinite(spread)) element('small', ` ±${Math.round(100 * spread)} %`, cell);
      if (ratio) element('td', data.ratios[`${found.scenario} ${name} ${ratio}`] || '', row);
    }
  }
}

/** What articles say, and what this run says to it. */
function claims(section) {
  element('h2', 'What articles say of the two models', section);
  element('p', 'Each outcome follows from the figures by the rule beside it. Again: perf/run claims', section, 'note');
  const node = element('table', '', element('div', '', section, 'wide claims'));
  const head = element('tr', '', element('thead', '', node));
  for (const title of ['claim, experiment and rule', 'Tokio and Node', "Weft's two executors"]) element('th', title, head);
  const body = element('tbody', '', node);
  for (const claim of data.claims) {
    const row = element('tr', '', body);
    const statement = element('th', claim.statement, row);
    element('small', claim.experiment, statement);
    for (const [outcome, figures] of [[claim.outcome, claim.figures], [claim.weftOutcome, claim.weftFigures]]) {
      const cell = element('td', '', row);
      element('b', outcome, cell);
      element('small', figures, cell);
    }
  }
}

const charts = [];

function draw() {
  const theme = matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light';
  for (const { chart, option } of charts) chart.setOption(option(theme), true);
}

function lay() {
  const { machine, command, skipped, scenarios } = data.results;
  const facts = document.getElementById('facts');
  const versions = Object.entries(machine.versions).map(([name, version]) => `${name} ${version}`).join(', ');
  for (const [name, value] of [
    ['Command', command], ['Date', machine.date], ['Commit', machine.commit],
    ['Machine', `${machine.cpu}, ${machine.processors} processors, ${machine.kernel}`],
    ['Versions', versions], ['Load average before', machine.loadBefore.toFixed(2)],
  ]) {
    element('dt', name, facts);
    element('dd', value, facts);
  }
  const missing = document.getElementById('skipped');
  for (const [name, why] of Object.entries(skipped)) element('li', `${name}: ${why}`, missing);
  if (!missing.children.length) element('li', 'Nothing: every server ran.', missing);

  const main = document.querySelector('main');
  const all = chartsOf(data);
  const draws = ({ id, title, height, option }, section) => {
    const figure = element('figure', '', section);
    element('figcaption', title, figure);
    const canvas = element('div', '', figure);
    canvas.id = id;
    canvas.style.height = `${height}px`;
    charts.push({ chart: echarts.init(canvas, null, { renderer: 'svg' }), option });
  };
  if (data.claims.length) claims(element('section', '', main));
  const summary = all.filter((c) => c.scenario === 'summary');
  if (summary.length) {
    const section = element('section', '', main);
    element('h2', 'In one look', section);
    for (const chart of summary) draws(chart, section);
  }
  for (const found of scenarios) {
    const section = element('section', '', main);
    element('h2', found.question, section);
    const again = command.replace(/ (--loads|--out) \S+/g, '');
    element('p', `${found.load}. Again: ${again} --loads ${found.scenario}`, section, 'note');
    table(found, section);
    for (const chart of all.filter((c) => c.scenario === found.scenario)) draws(chart, section);
  }
  draw();
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', draw);
  addEventListener('resize', () => charts.forEach(({ chart }) => chart.resize()));
}

lay();
