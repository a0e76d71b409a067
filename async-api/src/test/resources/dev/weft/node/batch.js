// Runs the programs that are appended to this file one after the other, each on an idle event loop,
// and prints what each has logged, a line of JSON per program.
'use strict';

// All durations are so many times longer than the programs say.
const SLOWER = Number(process.argv[4]);
const timers = require('timers/promises');
const { setTimeout: pause } = timers;
const setTimeout = (callback, millis) => globalThis.setTimeout(callback, millis * SLOWER);
const setInterval = (callback, millis) => globalThis.setInterval(callback, millis * SLOWER);
timers.setTimeout = (millis, value) => pause(millis * SLOWER, value); // for who takes it from there

const net = require('net');
const fs = require('fs');
const { setTimeout: sleep } = require('timers/promises');
const programs = [];
const SLOTS = 4;

let lines = [];
const log = (entry) => lines.push(String(entry));
process.on('uncaughtException', (e) => {
  log('uncaught:' + e.message);
  // A fault of Node 20: where a callback of the check phase has thrown and one after it is cleared,
  // processImmediate may run off the end of its list, and does so again for ever.
  if (e.stack.split('\n')[1].includes('node:internal/timers')) {
    logs[logs.length - 1] = null;
    process.exit(0); // the caller runs the others
  }
});
process.on('unhandledRejection', (e) => log('unhandled:' + e.message));
process.on('rejectionHandled', () => log('late'));

// A socket pair; a byte that is written to one end calls back at the other. One is under way at a
// time, so that two never arrive in one event.
let near, far, current = null;
const requests = [];
function write() {
  if (current === null && requests.length > 0) {
    current = requests.shift();
    far.ref();
    near.write('x');
  }
}
function io(callback) {
  requests.push(callback);
  write();
}
function connect(ready) {
  const path = process.argv[2];
  const server = net.createServer((socket) => {
    far = socket;
    far.on('data', () => {
      const callback = current;
      current = null;
      try {
        callback();
      } finally {
        if (current === null) far.unref(); // else the callback has written the next one
        write();
      }
    });
    near.unref();
    far.unref();
    server.close(() => fs.rmSync(path, { force: true }));
    ready();
  });
  server.listen(path, () => { near = net.connect(path); });
}

function every(times, callback, millis) {
  let fired = 0;
  const timer = setInterval(() => {
    if (++fired === times) clearInterval(timer);
    callback();
  }, millis);
  return timer;
}
function limited(promise, millis) {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error('late')), millis);
    promise.then(() => {
      clearTimeout(timer);
      resolve();
    });
  });
}
function clear(handle) {
  clearTimeout(handle);
  clearImmediate(handle);
}
function deferreds() {
  return Array.from({ length: SLOTS }, () => {
    const it = {};
    it.promise = new Promise((resolve, reject) => Object.assign(it, { resolve, reject }));
    return it;
  });
}

const logs = [];
function next() {
  if (logs.length === programs.length) return;
  setImmediate(() => {
    lines = [];
    logs.push(lines);
    programs[logs.length - 1](deferreds(), [], []);
  });
}
setImmediate(() => connect(() => process.on('beforeExit', next)));
process.on('exit', () => fs.writeFileSync(process.argv[3], logs.map((it) => JSON.stringify(it)).join('\n') + '\n'));
