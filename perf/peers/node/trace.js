'use strict';
// Prints the stack trace of an error that is thrown after an await, three async functions deep.
const { setTimeout: sleep } = require('node:timers/promises');

async function inner() {
  await sleep(1);
  throw new Error('after an await');
}

async function middle() {
  await inner();
}

async function outer() {
  await middle();
}

outer().catch((error) => console.log(error.stack));
