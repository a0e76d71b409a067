'use strict';
// An echo server on Node's own net module.
//
//   node server.js [--protocol plain|framed] [--size BYTES] [--threads N]
//
// Prints "port N" and ends when its standard input does. Sockets are served by the one event loop;
// N is the number of worker_threads that "burn on another thread" is sent to.
const net = require('node:net');
const { Worker, isMainThread, parentPort } = require('node:worker_threads');

const BURN = 1;
const BURN_ELSEWHERE = 2;

function burn(micros) {
  const end = process.hrtime.bigint() + BigInt(micros) * 1000n;
  while (process.hrtime.bigint() < end);
}

function echo(socket) {
  socket.on('data', (bytes) => {
    if (!socket.write(bytes)) {
      socket.pause();
      socket.once('drain', () => socket.resume());
    }
  });
}

function framed(socket, size, burnElsewhere) {
  let pending = Buffer.alloc(0);
  let busy = false; // a burn on another thread, or a socket that is full
  const goOn = () => {
    busy = false;
    socket.resume();
    work();
  };
  function work() {
    let done = 0;
    while (!busy && pending.length - done >= size) {
      const frame = pending.subarray(done, done + size);
      const micros = frame.readUInt32BE(1);
      done += size;
      if (frame[0] === BURN_ELSEWHERE) {
        busy = true;
        socket.pause();
        burnElsewhere(micros, () => {
          socket.write(frame);
          goOn();
        });
      } else {
        if (frame[0] === BURN) burn(micros);
        if (!socket.write(frame)) {
          busy = true;
          socket.pause();
          socket.once('drain', goOn);
        }
      }
    }
    pending = pending.subarray(done);
  }
  socket.on('data', (bytes) => {
    pending = pending.length === 0 ? bytes : Buffer.concat([pending, bytes]);
    work();
  });
}

/** Workers, each doing one call at a time; the one with the fewest calls gets the next. */
function pool(count) {
  const workers = Array.from({ length: count }, () => {
    const worker = new Worker(__filename);
    worker.waiting = [];
    worker.on('message', () => worker.waiting.shift()());
    worker.unref();
    return worker;
  });
  return (micros, callback) => {
    const idlest = workers.reduce((a, b) => (b.waiting.length < a.waiting.length ? b : a));
    idlest.waiting.push(callback);
    idlest.postMessage(micros);
  };
}

function main() {
  const options = { '--protocol': 'plain', '--size': '64', '--threads': '2' };
  for (let i = 2; i + 1 < process.argv.length; i += 2) options[process.argv[i]] = process.argv[i + 1];
  const size = Number(options['--size']);
  const burnElsewhere = options['--protocol'] === 'framed' ? pool(Number(options['--threads'])) : null;
  const server = net.createServer({ noDelay: true }, (socket) => {
    socket.on('error', () => socket.destroy()); // the client sees it too
    if (burnElsewhere) framed(socket, size, burnElsewhere);
    else echo(socket);
  });
  server.listen({ port: 0, host: '127.0.0.1', backlog: 4096 }, () => {
    console.log(`port ${server.address().port}`);
  });
  process.stdin.on('end', () => process.exit(0)).resume();
}

if (isMainThread) {
  main();
} else {
  parentPort.on('message', (micros) => {
    burn(micros);
    parentPort.postMessage(null);
  });
}
