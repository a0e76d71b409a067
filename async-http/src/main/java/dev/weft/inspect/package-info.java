/**
 * A page, in a browser, on which one sees what a program's tasks do: {@link
 * dev.weft.inspect.Inspector} serves it.
 *
 * <p>{@code Access} says who may see it, {@code Pages} answers the requests. {@code Program} is
 * what it sees of the program; {@code Scans} decides when to look at all of it, and keeps the last
 * {@code Scan}, from which {@code TaskAnswers} takes the rows that somebody has in view. {@code
 * PulseAnswers} tells what is counted anyway. The page itself is {@code inspector.html}, {@code
 * .css} and {@code .js} beside these classes, which {@code PageText} puts together.
 *
 * <p>But for {@code Inspector}, all of it is confined to the one worker of the inspector's own
 * executor.
 */
@NullMarked
package dev.weft.inspect;

import org.jspecify.annotations.NullMarked;
