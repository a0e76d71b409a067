'use strict';
// The charts of a run, as options for ECharts. Used by the page and, through Node, for SVG files.
// `data` is what dev.weft.perf.report.Report writes: {results, ratios}.

const COLORS = {
  'weft-epoll': '#0a7d5a', 'weft-io_uring': '#2fbf8f', 'weft-nio': '#7a9e1f', 'weft-node': '#b8a100',
  tokio: '#c4501b', node: '#8250df', 'netty-epoll': '#1f6feb', 'netty-io_uring': '#58a6ff',
  'netty-nio': '#6e8bb5', 'netty-pool': '#d4488e', 'virtual-threads': '#b35900', c: '#808890',
};
const color = (name) => COLORS[name.replace(/-again$/, '')] || '#999';

const median = (values) => {
  const sorted = [...values].sort((a, b) => a - b);
  const half = sorted.length >> 1;
  return sorted.length % 2 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
};

/** Microseconds as people write them. */
function time(us) {
  if (us >= 1e6) return `${+(us / 1e6).toPrecision(3)} s`;
  if (us >= 1e3) return `${+(us / 1e3).toPrecision(3)} ms`;
  return `${+us.toPrecision(3)} us`;
}

/** The round whose 99th percentile is in the middle: of one round, as medians of curves are none. */
function typical(rounds) {
  const sorted = [...rounds].sort((a, b) => a.latencies.p99 - b.latencies.p99);
  return sorted[(sorted.length - 1) >> 1];
}

function base(theme) {
  const dark = theme === 'dark';
  return {
    backgroundColor: 'transparent',
    textStyle: { fontFamily: 'system-ui, sans-serif', color: dark ? '#d5dae0' : '#24292f' },
    animation: false,
    legend: { top: 0, left: 'center', textStyle: { color: dark ? '#d5dae0' : '#24292f' } },
    // Room for three rows of legend on a narrow screen.
    grid: { left: 16, right: 28, top: 84, bottom: 40, containLabel: true },
  };
}

function axis(theme, more) {
  const dark = theme === 'dark';
  return {
    nameLocation: 'middle',
    axisLabel: { color: dark ? '#aab2bd' : '#57606a' },
    nameTextStyle: { color: dark ? '#aab2bd' : '#57606a' },
    axisLine: { lineStyle: { color: dark ? '#59636e' : '#afb8c1' } },
    splitLine: { lineStyle: { color: dark ? '#30363d' : '#e4e8ec' } },
    ...more,
    axisLabel: { color: dark ? '#aab2bd' : '#57606a', ...(more.axisLabel || {}) },
  };
}

function percentiles(found, theme) {
  return {
    ...base(theme),
    tooltip: {
      trigger: 'item',
      formatter: (p) => `${p.seriesName}<br>${+(100 - 100 / p.value[0]).toFixed(4)} %: ${time(p.value[1])}`,
    },
    xAxis: axis(theme, {
      type: 'log', name: 'percentile', nameGap: 26, min: 1, max: 10000,
      axisLabel: { formatter: (x) => `${+(100 - 100 / x).toFixed(4)} %` },
    }),
    yAxis: axis(theme, { type: 'log', axisLabel: { formatter: time } }),
    series: Object.entries(found.rounds).map(([name, rounds]) => ({
      name, type: 'line', color: color(name), symbolSize: 4, lineStyle: { width: 2 },
      data: typical(rounds).latencies.curve
        .filter(([percentile]) => percentile < 99.9901)
        .map(([percentile, us]) => [100 / (100 - percentile), Math.max(us, 1)]),
    })),
  };
}

function bars(found, theme, unit, parts, type = 'value') {
  const names = Object.keys(found.rounds).reverse(); // the first at the top
  const format = unit === 'time' ? time : (v) => `${+v.toPrecision(3)} ${unit}`;
  const stacked = type === 'value';
  const common = base(theme);
  return {
    ...common,
    grid: { ...common.grid, top: 40 },
    tooltip: { trigger: 'axis', axisPointer: { type: 'shadow' }, valueFormatter: format },
    xAxis: axis(theme, { type, axisLabel: { formatter: format, hideOverlap: true } }),
    yAxis: axis(theme, { type: 'category', data: names }),
    series: parts.map(([name, shade, of]) => ({
      name, type: 'bar', color: shade, ...(stacked ? { stack: 'all' } : {}),
      data: names.map((server) => median(found.rounds[server].map(of))),
    })),
  };
}

function timeline(found, theme) {
  return {
    ...base(theme),
    tooltip: { trigger: 'item', formatter: (p) => `${p.seriesName}<br>at ${time(p.value[0] * 1e6)}: ${time(p.value[1])}` },
    xAxis: axis(theme, { type: 'value', name: 'seconds', nameGap: 26 }),
    yAxis: axis(theme, { type: 'log', axisLabel: { formatter: time } }),
    series: Object.entries(found.rounds).map(([name, rounds]) => ({
      name, type: 'line', color: color(name), showSymbol: false, symbolSize: 4, lineStyle: { width: 1.5 },
      data: typical(rounds).timelineMicros
        .map((us, step) => [step / 100, us])
        .filter(([, us]) => us > 0),
    })),
  };
}

const CONNECTIONS = /^echo-(\d+)x64$/;

/** How many messages per second, from one connection to very many. */
function connections(scenarios, theme) {
  const common = base(theme);
  const names = [...new Set(scenarios.flatMap((found) => Object.keys(found.rounds)))];
  return {
    ...common,
    tooltip: { trigger: 'item', formatter: (p) => `${p.seriesName}<br>${p.value[0]}: ${Math.round(p.value[1]).toLocaleString('en')}/s` },
    xAxis: axis(theme, { type: 'log', name: 'connections', nameGap: 26 }),
    yAxis: axis(theme, { type: 'value', axisLabel: { formatter: (v) => `${v / 1000}k/s` } }),
    series: names.map((name) => ({
      name, type: 'line', color: color(name), symbolSize: 5, lineStyle: { width: 2 },
      data: scenarios.filter((found) => found.rounds[name]).map((found) => [
        +CONNECTIONS.exec(found.scenario)[1], median(found.rounds[name].map((r) => r.perSecond)),
      ]),
    })),
  };
}

/** What an idle connection adds to a server's memory. */
function memoryPerConnection(few, many, theme) {
  const resident = (found, name) => median(found.rounds[name].map((r) => r.server.residentBytes));
  const names = Object.keys(many.rounds).filter((name) => few.rounds[name] && many.rounds[name][0].server);
  const between = many.rounds[names[0]][0].plan.connections - few.rounds[names[0]][0].plan.connections;
  const common = base(theme);
  return {
    ...common,
    grid: { ...common.grid, top: 16 },
    tooltip: { trigger: 'axis', axisPointer: { type: 'shadow' }, valueFormatter: (v) => `${v.toFixed(1)} KB` },
    legend: { show: false },
    xAxis: axis(theme, { type: 'value', axisLabel: { formatter: '{value} KB' } }),
    yAxis: axis(theme, { type: 'category', data: [...names].reverse() }),
    series: [{
      type: 'bar', color: '#8250df',
      data: [...names].reverse().map((name) => (resident(many, name) - resident(few, name)) / between / 1e3),
    }],
  };
}

const JMH_COLORS = { weft: '#0a7d5a', forkJoinPool: '#1f6feb', virtualThread: '#b35900', eaAsync: '#c4501b', thenCompose: '#8250df', scheduledPool: '#808890' };
/** Methods whose name says more than who they are. */
const ALIASES = { virtualThreadPark: 'virtualThread' };
const CONTENDER = /^(weft|forkJoinPool|virtualThread|eaAsync|thenCompose|scheduledPool)(.*)$/;

/** Benchmarks by workload: {workload: {contender: score}}; where there is a choice, with the driver. */
function workloads(jmh, classes) {
  const found = {};
  for (const { benchmark, parameters, score } of jmh) {
    const [type, method] = benchmark.split('.');
    const match = CONTENDER.exec(ALIASES[method] || method);
    if (!classes.includes(type) || !match || parameters.includes('driver:false')) continue;
    (found[type + match[2]] ||= {})[match[1]] = score;
  }
  return Object.fromEntries(Object.entries(found).filter(([, scores]) => scores.weft && Object.keys(scores).length > 1));
}

/** Bars of each contender's time over Weft's. */
function ratios(found, theme) {
  const names = Object.keys(found).reverse();
  const contenders = [...new Set(Object.values(found).flatMap((scores) => Object.keys(scores)))];
  return {
    ...base(theme),
    tooltip: { trigger: 'axis', axisPointer: { type: 'shadow' }, valueFormatter: (v) => (v === undefined ? '' : `${v.toFixed(2)} times`) },
    xAxis: axis(theme, { type: 'log', axisLabel: { formatter: (v) => `${v}x` } }),
    yAxis: axis(theme, { type: 'category', data: names }),
    series: contenders.map((contender) => ({
      name: contender, type: 'bar', color: JMH_COLORS[contender],
      data: names.map((name) => (found[name][contender] ? found[name][contender] / found[name].weft : undefined)),
    })),
  };
}

/** The charts that belong to no single load. */
function summaryOf(data) {
  const charts = [];
  const add = (id, title, height, option) => charts.push({ scenario: 'summary', id, title, height, option });
  const counts = data.results.scenarios.filter((found) => CONNECTIONS.test(found.scenario))
    .sort((a, b) => CONNECTIONS.exec(a.scenario)[1] - CONNECTIONS.exec(b.scenario)[1]);
  if (counts.length > 2) {
    add('connections', 'Messages per second against connections, 64 bytes each (perf/run connections)', 480,
      (theme) => connections(counts, theme));
  }
  const idle = (name) => data.results.scenarios.find((found) => found.scenario === name);
  const told = (found) => found && Object.values(found.rounds)[0][0].server;
  if (told(idle('idle-50')) && told(idle('idle-5050'))) {
    add('idle-memory', 'Memory per idle connection: resident, 5,000 connections more (perf/run claims)',
      100 + 34 * Object.keys(idle('idle-50').rounds).length,
      (theme) => memoryPerConnection(idle('idle-50'), idle('idle-5050'), theme));
  }
  const jmh = data.jmh || [];
  for (const [id, title, classes] of [
    ['scheduler', 'Scheduler workloads, time over that of Weft (perf/run scheduler)',
      ['SpawnManyLocal', 'SpawnManyRemote', 'YieldMany', 'PingPong', 'ChainedSpawn']],
    ['awaits', 'Awaits, time over that of Weft (perf/run await)',
      ['AwaitReady', 'SuspendResume', 'TaskSwitch', 'AwaitLoop', 'CallChain', 'Exceptions']],
    ['task-memory', 'Heap per suspended task, over that of Weft (perf/run memory)', ['Memory']],
  ]) {
    const found = workloads(jmh, classes);
    if (Object.keys(found).length) {
      const { source } = jmh.find(({ benchmark }) => classes.includes(benchmark.split('.')[0]));
      add(id, `${title}: ${source}`, 120 + 60 * Object.keys(found).length, (theme) => ratios(found, theme));
    }
  }
  return charts;
}

/** All charts of a run: [{scenario, id, title, height, option(theme)}]. */
function chartsOf(data) {
  const charts = summaryOf(data);
  for (const found of data.results.scenarios) {
    const servers = Object.keys(found.rounds).length;
    const add = (id, title, height, option) =>
      charts.push({ scenario: found.scenario, id: `${found.scenario}-${id}`, title, height, option });
    const barHeight = 100 + 34 * servers;
    const paced = Object.values(found.rounds)[0][0].plan.rate > 0;
    if (paced) {
      add('quantiles', 'Latency from when a message was due: median, 99th percentile, worst', 100 + 52 * servers,
        (theme) => bars(found, theme, 'time', [
          ['p50', '#2fbf8f', (r) => r.latencies.p50],
          ['p99', '#e0a030', (r) => r.latencies.p99],
          ['max', '#d1483f', (r) => r.latencies.max],
        ], 'log'));
      add('timeline', 'Worst latency in each 10 ms, over time', 460, (theme) => timeline(found, theme));
    } else if (Object.values(found.rounds)[0][0].server) {
      add('cpu', "The server's CPU time per message", barHeight,
        (theme) => bars(found, theme, 'us', [
          ['in the program', '#1f6feb', (r) => r.server.userMicros],
          ['in the kernel', '#8a94a0', (r) => r.server.systemMicros],
        ]));
    }
    add('percentiles', 'Latency by percentile', 480, (theme) => percentiles(found, theme));
    if (Object.values(found.rounds)[0][0].server) {
      add('memory', "The server's memory (RSS) at the end", barHeight,
        (theme) => bars(found, theme, 'MB', [['RSS', '#8250df', (r) => r.server.residentBytes / 1e6]]));
    }
  }
  return charts;
}

if (typeof module === 'object') module.exports = { chartsOf };
