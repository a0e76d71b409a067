/**
 * The model test of lifetimes: random trees of async calls, woven by both engines and run on every
 * executor, against what a plain sequential program would do.
 *
 * <p>{@code TreeGenerator} makes a {@code Tree} from a seed, {@code Interpreter} and {@code
 * FamilyInterpreter} (the classes that are woven; the second has the scopes, channels and locks)
 * run it, {@code Call}, {@code Family}, {@code Locks} and {@code Ledger} watch it and note what is
 * against the rules, {@code Trouble} cancels, {@code Trial} runs one seed, {@code LifetimesTest}
 * and {@code FamiliesTest} many.
 */
@NullMarked
package dev.weft.weaver.lifetimes;

import org.jspecify.annotations.NullMarked;
