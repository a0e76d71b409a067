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

/** All charts of a run: [{id, title, note, height, option(theme)}]. */
function chartsOf(data) {
  const charts = [];
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
