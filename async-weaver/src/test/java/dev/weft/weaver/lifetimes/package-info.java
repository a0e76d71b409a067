/**
 * The model test of lifetimes: random trees of async calls, woven by both engines and run on every
 * executor, against what a plain sequential program would do.
 *
 * <p>{@code TreeGenerator} makes a {@code Tree} from a seed, {@code Interpreter} (the only class
 * that is woven) runs it, {@code Call} and {@code Ledger} watch it and note what is against the
 * rules, {@code Trouble} cancels, {@code Trial} runs one seed and {@code LifetimesTest} many.
 */
@NullMarked
package dev.weft.weaver.lifetimes;

import org.jspecify.annotations.NullMarked;
