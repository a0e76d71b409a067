package dev.weft.scheduler.watch;

/**
 * That a worker's I/O loop was taken over by another.
 *
 * @param progress that of the worker which lost it, at that moment: says in which poll
 * @param by the other worker's number
 * @param at when, by {@code System.nanoTime()}
 */
public record Takeover(long progress, int by, long at) {}
