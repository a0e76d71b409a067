/**
 * What libraries bind to the thread that runs, and expect there: the log's MDC, a trace's current
 * span, a {@code ScopedValue}. Read when a task is given up or begun, put in place for the time in
 * which it runs, and taken away after that. Knows nothing of frames: {@code
 * dev.weft.frame.LocalContext} holds what is read here, beside the values of {@code AsyncLocal}s.
 *
 * <p>Start at {@link dev.weft.context.ThreadBound}.
 */
@NullMarked
package dev.weft.context;

import org.jspecify.annotations.NullMarked;
