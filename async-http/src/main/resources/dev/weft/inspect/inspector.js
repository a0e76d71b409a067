"use strict";
// All that comes from the program, names of tasks first of all, is untrusted, and gets into the page as text alone
// (textContent). The page keeps the rows in view and no others; the server sorts, filters and groups.
(() => {
  const ROW = 26; // pixels, as in the style
  const MOST_ROWS = 200; // as Query.MOST_ROWS
  const BEYOND = 15; // rows that are there above and below the view
  const MOST_PIXELS = 10_000_000; // what is higher is scrolled by shares: browsers end at some 16 million
  const SAMPLES = 60; // of the timeline: a minute
  const STATES = ["running", "queued", "suspended", "ended"];

  const byId = id => document.getElementById(id);
  const numbers = new Intl.NumberFormat("en");
  const reducedMotion = matchMedia("(prefers-reduced-motion: reduce)");

  function make(tag, className, text) {
    const element = document.createElement(tag);
    if (className) element.className = className;
    if (text !== undefined) element.textContent = text;
    return element;
  }

  function setText(element, text) {
    if (element.textContent !== text) element.textContent = text;
  }

  function millis(value) {
    if (value === undefined || value < 0) return "";
    if (value < 1000) return `${Math.round(value)} ms`;
    if (value < 60_000) return `${(value / 1000).toFixed(1)} s`;
    if (value < 3_600_000) return `${Math.floor(value / 60_000)} min ${Math.floor(value / 1000) % 60} s`;
    if (value < 86_400_000) return `${Math.floor(value / 3_600_000)} h ${Math.floor(value / 60_000) % 60} min`;
    return `${Math.floor(value / 86_400_000)} d ${Math.floor(value / 3_600_000) % 24} h`;
  }

  function nanos(value) {
    if (value < 1000) return `${value} ns`;
    if (value < 1_000_000) return `${(value / 1000).toPrecision(3)} \u00b5s`;
    return value < 1_000_000_000 ? `${(value / 1_000_000).toPrecision(3)} ms` : `${(value / 1e9).toPrecision(3)} s`;
  }

  // ---- asking

  const connection = byId("connection");
  let paused = false;

  async function ask(path, parameters, signal) {
    const target = new URLSearchParams();
    for (const [name, value] of Object.entries(parameters)) {
      if (value !== "" && value !== null && value !== undefined) target.set(name, value);
    }
    const response = await fetch(`${path}?${target}`, { signal, credentials: "same-origin", cache: "no-store" });
    if (response.status === 404) return null;
    if (!response.ok) throw new Error((await response.text()).trim());
    return response.json();
  }

  function said(text) {
    setText(connection, text);
  }

  const isIdle = () => paused || document.hidden;

  const loops = [];

  /** Asks again and again, each time as long after the answer as that says; not while nobody looks. */
  class Loop {
    constructor(step) {
      this.step = step;
      this.failure = "";
      loops.push(this);
      this.timer = 0;
      this.current = null;
    }

    async now() {
      clearTimeout(this.timer);
      if (this.current) this.current.abort();
      const mine = new AbortController();
      this.current = mine;
      const late = setTimeout(() => mine.abort(new Error("no answer for 20 s")), 20_000);
      let again = 2000; // after a failure
      try {
        again = await this.step(mine.signal);
        this.failure = "";
      } catch (error) {
        if (this.current !== mine) return; // another one has taken its place
        this.failure = `No answer (${error.message}): has the program ended?`;
      } finally {
        clearTimeout(late);
      }
      if (this.current === mine) {
        this.current = null;
        if (!paused) said(loops.map(loop => loop.failure).find(failure => failure) || "live");
        if (!isIdle()) this.timer = setTimeout(() => this.now(), again);
      }
    }

    stop() {
      clearTimeout(this.timer);
    }
  }

  // ---- the counters

  const executorChoice = byId("executor");
  let before = null; // the pulse before this one
  let slowSeen = "";
  let states = null;
  let pulses = 0;

  async function pulse(signal) {
    const now = await ask("/api/pulse", { executor: executorChoice.value, slow: slowSeen }, signal);
    showExecutors(now.executors);
    showCounts(now);
    showWorkers(now);
    showTimes(now.executors);
    if (now.slowPolls) showSlow(now.slowPolls);
    slowSeen = now.slowSeen;
    before = now;
    pulses++;
    showScanAge();
    return now.againMillis;
  }

  function showExecutors(executors) {
    const known = [...executorChoice.options].slice(1).map(option => `${option.value} ${option.textContent}`);
    const named = executors.map(each => [String(each.id), each.ended ? `${each.name} (ended)` : each.name]);
    if (known.join("\n") === named.map(each => each.join(" ")).join("\n")) return;
    const chosen = executorChoice.value;
    executorChoice.length = 1;
    for (const [id, name] of named) executorChoice.add(new Option(name, id));
    executorChoice.value = named.some(([id]) => id === chosen) ? chosen : "";
  }

  const counts = byId("counts");

  function count(name, text) {
    let entry = [...counts.children].find(each => each.firstChild.textContent === name);
    if (!entry) {
      entry = make("div");
      entry.append(make("dt", "", name), make("dd"));
      counts.append(entry);
    }
    setText(entry.lastChild, text);
  }

  function showCounts(now) {
    const sum = name => now.executors.reduce((total, each) => total + (each[name] || 0), 0);
    const queued = now.executors.flatMap(each => each.workers || []).reduce((total, each) => total + each.queue, 0);
    if (states) for (const state of STATES.slice(0, 3)) count(state, numbers.format(states[state]));
    count("alive", numbers.format(sum("alive")));
    const spawned = perSecond(now, each => each.spawned || 0);
    count("spawned a second", spawned === null ? "\u2013" : numbers.format(Math.round(spawned)));
    count("in the workers' queues", numbers.format(queued));
    count("in the injection queue", numbers.format(sum("injected")));
    count("blocking threads", `${numbers.format(sum("blockingThreads"))} (${numbers.format(sum("blockingIdle"))} idle)`);
    count("blocking calls queued", numbers.format(sum("blockingQueue")));
    setText(byId("slow-count"), `${numbers.format(sum("slowCount"))} so far`);
  }

  function perSecond(now, figure) {
    if (!before || now.micros <= before.micros) return null;
    const earlier = new Map(before.executors.map(each => [each.id, each]));
    let difference = 0;
    for (const each of now.executors) {
      if (earlier.has(each.id)) difference += Math.max(0, figure(each) - figure(earlier.get(each.id)));
    }
    return difference * 1e6 / (now.micros - before.micros);
  }

  // ---- workers

  const workers = byId("workers");
  const timelines = new Map();

  function timeline(key, name) {
    let entry = timelines.get(key);
    if (!entry) {
      const row = make("div", "worker");
      row.setAttribute("role", "listitem");
      const canvas = make("canvas");
      canvas.setAttribute("aria-hidden", "true"); // its last column is in the figures
      const figures = make("span", "figures");
      row.append(make("span", "name", name), canvas, figures);
      row.firstChild.title = name;
      entry = { row, canvas, figures, samples: [] };
      timelines.set(key, entry);
      workers.append(row);
    }
    return entry;
  }

  function showWorkers(now) {
    const alive = new Set();
    const micros = before ? now.micros - before.micros : 0;
    for (const executor of now.executors) {
      const earlier = before && before.executors.find(each => each.id === executor.id);
      for (const worker of executor.workers || []) {
        const key = `${executor.id} ${worker.index}`;
        alive.add(key);
        const entry = timeline(key, `${executor.name} ${worker.index}`);
        const last = earlier && earlier.workers && earlier.workers.find(each => each.index === worker.index);
        if (last && micros > 0) show(entry, sampleOf(worker, last, micros, executor.ended));
      }
      if (executor.loop) {
        const key = `${executor.id} loop`;
        alive.add(key);
        const entry = timeline(key, `${executor.name} loop`);
        if (earlier && earlier.loop && micros > 0) show(entry, sampleOfLoop(executor.loop, earlier.loop));
      }
    }
    for (const [key, entry] of timelines) {
      if (!alive.has(key)) {
        entry.row.remove();
        timelines.delete(key);
      }
    }
    if (pulses % (reducedMotion.matches ? 5 : 1) === 0) draw();
  }

  /**
   * What a worker has done between two looks, as shares of the time. The time that it was awake is counted at its looks
   * at I/O, so one that is in a long poll has none until that is over: it is known by being awake at both, with no poll
   * and no sleep in between.
   */
  function sampleOf(worker, last, micros, ended) {
    const polls = worker.polls - last.polls;
    const parks = worker.parks - last.parks;
    const steals = worker.steals - last.steals;
    const stuck = !ended && !worker.parked && !last.parked && polls === 0 && parks === 0;
    const awake = stuck || (!worker.parked && !last.parked && parks === 0 && polls > 0)
      ? 1 : Math.min(1, (worker.busyMicros - last.busyMicros) / micros);
    const running = stuck ? 0 : Math.min(awake, polls * worker.meanPollNanos / 1000 / micros);
    const rate = value => numbers.format(Math.round(value * 1e6 / micros));
    return {
      running, io: stuck ? 0 : awake - running, stuck: stuck ? 1 : 0, steal: steals > 0,
      text: `${Math.round(awake * 100)} % busy, ${rate(polls)} polls/s, ${rate(worker.stolen - last.stolen)} stolen/s, `
        + `${worker.queue} queued`
    };
  }

  function sampleOfLoop(loop, last) {
    const busy = loop.busyMicros - last.busyMicros;
    const all = busy + loop.idleMicros - last.idleMicros;
    const share = all > 0 ? busy / all : 0;
    return { running: share, io: 0, stuck: 0, steal: false, text: `${Math.round(share * 100)} % busy` };
  }

  function show(entry, sample) {
    entry.samples.push(sample);
    if (entry.samples.length > SAMPLES) entry.samples.shift();
    setText(entry.figures, sample.stuck ? "kept by one poll" : sample.text);
    entry.figures.classList.toggle("stuck", sample.stuck > 0);
  }

  let colors = {};

  function readColors() {
    const style = getComputedStyle(document.documentElement);
    for (const name of ["running", "io", "steal", "stuck", "parked", "accent"]) {
      colors[name] = style.getPropertyValue(`--${name}`).trim();
    }
  }

  /** A canvas, as large as it is shown, empty. */
  function prepared(canvas) {
    const ratio = devicePixelRatio || 1;
    const width = Math.round(canvas.clientWidth * ratio);
    const height = Math.round(canvas.clientHeight * ratio);
    if (canvas.width !== width) canvas.width = width;
    if (canvas.height !== height) canvas.height = height;
    const context = canvas.getContext("2d");
    context.clearRect(0, 0, width, height);
    return [context, width, height];
  }

  function draw() {
    for (const { canvas, samples } of timelines.values()) {
      const [context, width, height] = prepared(canvas);
      context.fillStyle = colors.parked;
      context.fillRect(0, 0, width, height);
      const column = width / SAMPLES;
      samples.forEach((sample, i) => {
        const x = width - (samples.length - i) * column;
        let y = height;
        for (const part of ["running", "io", "stuck"]) {
          const high = sample[part] * height;
          context.fillStyle = colors[part];
          context.fillRect(x, y - high, Math.max(1, column), high);
          y -= high;
        }
        if (sample.steal) {
          context.fillStyle = colors.steal;
          context.fillRect(x, 0, Math.max(1, column), Math.max(2, height / 7));
        }
      });
    }
  }

  // ---- how long things took

  const times = byId("times");
  const charts = new Map();

  function showTimes(executors) {
    const shown = new Set();
    for (const executor of executors) {
      for (const [name, title] of [["pollTimes", "poll times"], ["latencies", "waits for a worker"]]) {
        if (executor[name]) {
          shown.add(`${executor.id} ${name}`);
          showHistogram(`${executor.id} ${name}`, `${executor.name}: ${title}`, executor[name]);
        }
      }
    }
    for (const [key, chart] of charts) {
      if (!shown.has(key)) {
        chart.figure.remove();
        charts.delete(key);
      }
    }
    let none = times.querySelector(".none");
    if (shown.size === 0 && !none) {
      none = make("p", "none", "Not recorded. An executor does with pollTimeHistogram(true) and "
        + "scheduleLatencyHistogram(true) of its builder.");
      times.append(none);
    } else if (shown.size > 0 && none) {
      none.remove();
    }
  }

  function showHistogram(key, title, histogram) {
    let chart = charts.get(key);
    if (!chart) {
      const figure = make("figure", "chart");
      const canvas = make("canvas");
      canvas.setAttribute("aria-hidden", "true");
      const caption = make("figcaption");
      figure.append(canvas, caption);
      times.append(figure);
      chart = { figure, canvas, caption };
      charts.set(key, chart);
    }
    setText(chart.caption, `${title}: half below ${nanos(histogram.p50)}, 99 % below ${nanos(histogram.p99)}, `
      + `all below ${nanos(histogram.max)}; ${numbers.format(histogram.count)} since the start`);
    const [context, width, height] = prepared(chart.canvas);
    const powers = 37; // from 1 ns to 137 s
    const most = Math.max(1, ...histogram.bars.map(bar => Math.log1p(bar[1])));
    context.fillStyle = colors.accent;
    for (const [from, number] of histogram.bars) {
      const at = Math.min(powers - 1, Math.floor(Math.log2(Math.max(1, from))));
      const high = Math.log1p(number) / most * height;
      context.fillRect(at * width / powers, height - high, width / powers - 1, high);
    }
  }

  // ---- slow polls and deadlocks

  function showSlow(polls) {
    const list = byId("slow");
    list.replaceChildren(...polls.sort((a, b) => b.time - a.time).map(poll => {
      const item = make("li");
      const what = poll.blocker ? `in ${poll.blocker}` : "computing";
      item.append(
        make("b", "", poll.over ? millis(poll.millis) : `${millis(poll.millis)} so far`),
        ` ${new Date(poll.time).toLocaleTimeString()} ${poll.thread}: ${poll.task || "a handler or a timer"}, ${what}`
          + (poll.place ? ` at ${poll.place}` : "") + `. ${poll.advice}.`
          + (poll.resumedAt ? ` Resumed at ${poll.resumedAt}.` : "")
          + (poll.ofSite > 1 ? ` ${poll.ofSite} times at this place.` : ""));
      return item;
    }));
    if (polls.length === 0) list.append(make("li", "none", "None yet."));
  }

  let deadlocksSeen = "";

  function showDeadlocks(deadlocks) {
    const all = deadlocks.join("\n\n");
    if (all === deadlocksSeen) return; // else it would be read out each time
    deadlocksSeen = all;
    const box = byId("deadlocks");
    box.replaceChildren();
    if (deadlocks.length > 0) {
      box.append(make("h2", "", deadlocks.length === 1 ? "A deadlock" : `${deadlocks.length} deadlocks`),
        make("pre", "", all));
    }
  }

  // ---- the table

  const TASK_COLUMNS = [
    { title: "Task" }, { title: "Name" }, { title: "State" }, { title: "Await" }, { title: "Waits for" },
    { title: "Age", sort: "age" }, { title: "In state", sort: "in_state" }, { title: "Polls", sort: "polls" },
    { title: "Busy", sort: "busy" }
  ];
  const GROUP_COLUMNS = [
    { title: "Tasks", sort: "count" }, { title: "Await" }, { title: "Running" }, { title: "Queued" },
    { title: "Suspended" }, { title: "Longest" }
  ];
  const grid = byId("grid");
  const view = byId("view");
  const spacer = byId("spacer");
  const rowsBox = byId("rows");
  const query = { text: "", state: "", site: "", sort: "age", order: "desc", grouped: false };
  let answer = null; // the last one
  let answeredAt = 0;
  let pool = []; // elements of rows
  let active = 0; // the number of the row that the keyboard is at
  let activeKey = null;

  const total = () => answer ? (query.grouped ? answer.groups || 0 : answer.matching) : 0;
  const visible = () => Math.ceil(view.clientHeight / ROW);
  const isScaled = () => total() * ROW > MOST_PIXELS;

  /** The number of the row at the upper edge, with a fraction. */
  function firstInView() {
    if (!isScaled()) return view.scrollTop / ROW;
    const range = spacer.clientHeight - view.clientHeight;
    return range <= 0 ? 0 : view.scrollTop / range * (total() - view.clientHeight / ROW);
  }

  function scrollToRow(row) {
    const first = firstInView();
    const fits = view.clientHeight / ROW;
    let wanted = first;
    if (row < first) wanted = row;
    if (row + 1 > first + fits) wanted = row + 1 - fits;
    if (wanted === first) return;
    view.scrollTop = isScaled()
      ? wanted / (total() - fits) * (spacer.clientHeight - view.clientHeight) : wanted * ROW;
  }

  async function load(signal) {
    const first = Math.max(0, Math.floor(firstInView()) - BEYOND);
    const now = await ask("/api/tasks", {
      executor: executorChoice.value, text: query.text, state: query.state, site: query.site,
      sort: query.sort, order: query.order, group: query.grouped ? "site" : "",
      offset: first, limit: Math.min(MOST_ROWS, visible() + 2 * BEYOND)
    }, signal);
    answer = now;
    answeredAt = performance.now();
    states = now.states;
    spacer.style.height = `${Math.min(total() * ROW, MOST_PIXELS)}px`;
    setText(byId("matching"), query.grouped
      ? `${numbers.format(now.groups)} places, ${numbers.format(now.matching)} of ${numbers.format(now.total)}`
      : `${numbers.format(now.matching)} of ${numbers.format(now.total)}`);
    grid.setAttribute("aria-rowcount", String(total() + 1));
    const at = now.rows.findIndex(row => keyOf(row) === activeKey);
    if (at >= 0) active = now.offset + at;
    showDeadlocks(now.deadlocks);
    showRows();
    showScanAge();
    if (total() > 0 && now.rows.length === 0 && now.offset >= total()) view.scrollTop = spacer.clientHeight;
    return Math.max(1000, now.againMillis);
  }

  const tasks = new Loop(load);
  const counters = new Loop(pulse);
  const keyOf = row => query.grouped ? row.site : row.key;

  function showScanAge() {
    if (!answer) return;
    const passed = performance.now() - answeredAt;
    const left = answer.againMillis - passed;
    setText(byId("scan-age"), `as of ${millis(answer.ageMillis + passed)} ago; one look takes `
      + `${(answer.costMicros / 1000).toFixed(1)} ms, the next ${paused ? "when this goes on" : left > 0 ? `in ${millis(left)}` : "now"}`);
  }

  function cells() {
    return query.grouped ? GROUP_COLUMNS.length : TASK_COLUMNS.length;
  }

  function textsOf(row) {
    return query.grouped
      ? [numbers.format(row.count), row.site, numbers.format(row.running), numbers.format(row.queued),
        numbers.format(row.suspended), millis(row.longestMillis)]
      : [row.key, row.name || row.origin || "", row.state, row.site.replace(/^(?:[\w$]+\.)+(?=[\w$]+\.[\w$<>]+\()/, ""), row.waitsFor || "", millis(row.ageMillis),
        millis(row.stateMillis), numbers.format(row.polls), millis(row.busyMillis)];
  }

  function classesOf() {
    return query.grouped ? ["number", "code", "number", "number", "number", "number"]
      : ["code", "", "", "code", "", "number", "number", "number", "number"];
  }

  function rowElement(i) {
    let row = pool[i];
    if (!row) {
      row = make("div");
      row.id = `row-${i}`;
      row.setAttribute("role", "row");
      row.className = query.grouped ? "row group" : "row";
      classesOf().forEach(name => {
        const cell = make("span", name);
        cell.setAttribute("role", "gridcell");
        row.append(cell);
      });
      pool[i] = row;
      rowsBox.append(row);
    }
    return row;
  }

  function showRows() {
    const first = firstInView();
    const shown = answer ? answer.rows : [];
    shown.forEach((data, i) => {
      const row = rowElement(i);
      const number = answer.offset + i;
      row.hidden = false;
      row.style.display = "";
      row.style.transform = `translateY(${Math.round(view.scrollTop + (number - first) * ROW)}px)`;
      row.setAttribute("aria-rowindex", String(number + 2));
      row.classList.toggle("active", number === active);
      row.setAttribute("aria-selected", String(number === active));
      const texts = textsOf(data);
      texts.forEach((text, column) => {
        const cell = row.children[column];
        setText(cell, text);
        if (cell.title !== text) cell.title = text;
      });
      if (!query.grouped) row.children[3].title = data.site; // with its package
      if (!query.grouped) row.children[2].className = data.state;
    });
    for (let i = shown.length; i < pool.length; i++) pool[i].style.display = "none";
    const at = answer ? active - answer.offset : -1;
    if (at >= 0 && at < shown.length) grid.setAttribute("aria-activedescendant", `row-${at}`);
    else grid.removeAttribute("aria-activedescendant");
  }

  function showHead() {
    const row = make("div", query.grouped ? "row group" : "row");
    row.setAttribute("role", "row");
    row.setAttribute("aria-rowindex", "1");
    (query.grouped ? GROUP_COLUMNS : TASK_COLUMNS).forEach((column, i) => {
      const cell = make("span", classesOf()[i] === "number" ? "number" : "");
      cell.setAttribute("role", "columnheader");
      if (column.sort) {
        const sorted = query.grouped || column.sort === query.sort;
        const arrow = query.order === "desc" ? " \u25be" : " \u25b4";
        const button = make("button", "", column.title + (sorted ? arrow : ""));
        button.type = "button";
        button.dataset.sort = column.sort;
        if (sorted) cell.setAttribute("aria-sort", query.order === "desc" ? "descending" : "ascending");
        button.addEventListener("click", () => sortBy(column.sort));
        cell.append(button);
      } else {
        cell.textContent = column.title;
      }
      row.append(cell);
    });
    byId("head").replaceChildren(row);
    grid.setAttribute("aria-colcount", String(cells()));
  }

  function sortBy(sort) {
    if (query.grouped || query.sort === sort) query.order = query.order === "desc" ? "asc" : "desc";
    else [query.sort, query.order] = [sort, "desc"];
    showHead();
    const button = byId("head").querySelector(`button[data-sort="${sort}"]`);
    if (button) button.focus();
    fromTheTop();
  }

  function fromTheTop() {
    view.scrollTop = 0;
    active = 0;
    activeKey = null;
    tasks.now();
  }

  let scrolling = 0;
  view.addEventListener("scroll", () => {
    showRows();
    const first = firstInView();
    const there = answer && first >= answer.offset
      && Math.min(total(), first + visible()) <= answer.offset + answer.rows.length;
    if (!there && !scrolling) {
      scrolling = setTimeout(() => {
        scrolling = 0;
        tasks.now();
      }, 60);
    }
  });

  function moveTo(row) {
    if (total() === 0) return;
    active = Math.max(0, Math.min(total() - 1, row));
    const data = answer.rows[active - answer.offset];
    activeKey = data ? keyOf(data) : null;
    scrollToRow(active);
    showRows();
  }

  function openActive() {
    const data = answer && answer.rows[active - answer.offset];
    if (!data) return;
    if (query.grouped) chooseSite(data.site);
    else openDetail(data.key);
  }

  grid.addEventListener("keydown", event => {
    if (event.target !== grid && event.target !== view) return;
    const page = Math.max(1, visible() - 2);
    const moves = { ArrowDown: active + 1, ArrowUp: active - 1, PageDown: active + page, PageUp: active - page,
      Home: 0, End: total() - 1 };
    if (event.key in moves) moveTo(moves[event.key]);
    else if (event.key === "Enter") openActive();
    else return;
    event.preventDefault();
  });

  rowsBox.addEventListener("click", event => {
    const row = event.target.closest(".row");
    if (!row || !answer) return;
    moveTo(answer.offset + pool.indexOf(row));
    grid.focus({ preventScroll: true });
    openActive();
  });

  // ---- filters

  let typing = 0;
  byId("text").addEventListener("input", event => {
    query.text = event.target.value.trim();
    clearTimeout(typing);
    typing = setTimeout(fromTheTop, 150);
  });
  byId("state").addEventListener("change", event => {
    query.state = event.target.value;
    fromTheTop();
  });
  byId("filters").addEventListener("submit", event => event.preventDefault());

  function group(on) {
    query.grouped = on;
    query.order = "desc";
    byId("grouped").checked = on;
    answer = null;
    pool = [];
    rowsBox.replaceChildren();
    showHead();
    fromTheTop();
  }
  byId("grouped").addEventListener("change", event => group(event.target.checked));

  function chooseSite(site) {
    query.site = site;
    const button = byId("site");
    button.hidden = site === "";
    button.textContent = site === "" ? "" : `\u2715 ${site}`;
    button.setAttribute("aria-label", `At ${site} only; press to show all`);
    group(false);
    grid.focus({ preventScroll: true });
  }
  byId("site").addEventListener("click", () => chooseSite(""));

  executorChoice.addEventListener("change", () => {
    before = null;
    slowSeen = "";
    counters.now();
    fromTheTop();
  });

  // ---- one task

  const detail = byId("detail");
  const body = byId("detail-body");
  let detailKey = "";

  async function openDetail(key) {
    detailKey = key;
    setText(byId("detail-title"), `Task ${key}`);
    if (!detail.open) detail.showModal();
    body.setAttribute("aria-busy", "true");
    try {
      const task = await ask("/api/stack", { key });
      if (detailKey !== key) return;
      if (task) showTask(task);
      else body.replaceChildren(make("p", "", "It has ended."));
    } catch (error) {
      body.replaceChildren(make("p", "", `No answer: ${error.message}`));
    } finally {
      body.removeAttribute("aria-busy");
    }
    body.focus();
  }

  function lines(title, all, parent) {
    if (all.length === 0) return;
    const list = make("ol");
    for (const line of all) list.append(make("li", "", line));
    parent.append(make("h3", "", title), list);
  }

  function showTrace(trace, parent) {
    parent.append(make("h3", "", `${trace.subject} ${trace.state}`));
    for (const branch of trace.branches) {
      const box = make("div", "branch");
      showTrace(branch, box);
      parent.append(box);
    }
    lines("Its calls, the innermost first", trace.calls, parent);
    lines("Who awaits it, the nearest first", trace.callers, parent);
  }

  function link(title, key) {
    const item = make("span", "", `${title} `);
    const button = make("button", "link", key);
    button.type = "button";
    button.addEventListener("click", () => openDetail(key));
    item.append(button);
    return item;
  }

  function showTask(task) {
    setText(byId("detail-title"), task.name ? `${task.key} \u201c${task.name}\u201d` : `${task.key} ${task.origin}`);
    const facts = make("p", "facts");
    facts.append(make("span", "", `${task.state} for ${millis(task.stateMillis)}`),
      make("span", "", `age ${millis(task.ageMillis)}`), make("span", "", `${numbers.format(task.polls)} polls`));
    if (task.busyMillis !== undefined) facts.append(make("span", "", `busy ${millis(task.busyMillis)}`));
    facts.append(make("span", "", task.origin));
    if (task.awaits) facts.append(link("awaits", task.awaits));
    if (task.awaitedBy) facts.append(link("awaited by", task.awaitedBy));
    body.replaceChildren(facts);
    showTrace(task.trace, body);
    if (task.java) lines(`The Java stack of ${task.thread}, which runs it`, task.java, body);
    const locals = Object.entries(task.locals || {});
    if (locals.length > 0) lines("AsyncLocals", locals.map(([name, value]) => `${name} = ${value}`), body);
  }

  byId("detail-close").addEventListener("click", () => detail.close());
  byId("detail-again").addEventListener("click", () => openDetail(detailKey));
  detail.addEventListener("close", () => grid.focus({ preventScroll: true }));

  // ---- the page's own

  const pauseButton = byId("pause");

  function pause(on) {
    paused = on;
    pauseButton.setAttribute("aria-pressed", String(on));
    said(on ? "paused" : "");
    resume();
  }
  pauseButton.addEventListener("click", () => pause(!paused));

  function resume() {
    if (isIdle()) {
      counters.stop();
      tasks.stop();
    } else {
      before = null; // what was in between is no sample
      counters.now();
      tasks.now();
    }
  }
  document.addEventListener("visibilitychange", resume);

  const theme = byId("theme");
  const THEME = "weft-inspector-theme";

  function setTheme(name) {
    if (name) document.documentElement.dataset.theme = name;
    else delete document.documentElement.dataset.theme;
    theme.value = name;
    try {
      localStorage.setItem(THEME, name);
    } catch {
      // a browser that keeps nothing: then it is for this page
    }
    recolor();
  }

  function recolor() {
    readColors();
    draw();
  }
  theme.addEventListener("change", () => setTheme(theme.value));
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", recolor);
  addEventListener("resize", () => {
    draw();
    showRows();
    tasks.now();
  });

  document.addEventListener("keydown", event => {
    if (event.ctrlKey || event.altKey || event.metaKey || detail.open || /^(INPUT|SELECT)$/.test(event.target.tagName)) {
      return;
    }
    const keys = {
      "/": () => byId("text").focus(),
      g: () => group(!query.grouped),
      p: () => pause(!paused),
      t: () => setTheme(isDark() ? "light" : "dark")
    };
    if (event.key in keys) {
      event.preventDefault();
      keys[event.key]();
    }
  });

  function isDark() {
    return theme.value ? theme.value === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
  }

  if (new URLSearchParams(location.search).has("token")) {
    history.replaceState(null, "", location.pathname); // the cookie is there now
  }
  let kept = "";
  try {
    kept = localStorage.getItem(THEME) || "";
  } catch {
    // as above
  }
  setTheme(kept === "light" || kept === "dark" ? kept : "");
  showHead();
  showSlow([]);
  resume();
})();
