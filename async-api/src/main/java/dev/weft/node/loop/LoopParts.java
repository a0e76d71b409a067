package dev.weft.node.loop;

import dev.weft.node.phase.Phases;
import dev.weft.node.pool.WorkerPool;
import dev.weft.node.turn.LoopState;
import dev.weft.node.turn.Turn;

/**
 * What a loop is put together of.
 *
 * @param state how far its end has come
 * @param turn what is around a callback
 * @param phases what callbacks wait in
 * @param pool where calls block
 * @param arrivals what comes in from other threads
 * @param work what was started and has not ended
 */
record LoopParts(
    LoopState state,
    Turn turn,
    Phases phases,
    WorkerPool pool,
    Arrivals arrivals,
    UnendedWork work) {}
