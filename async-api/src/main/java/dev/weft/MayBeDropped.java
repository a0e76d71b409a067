package dev.weft;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Says that the future which a method returns need not be looked at: the weaver does not warn of a
 * call that drops it (WEFT042). For methods that start something which goes its own way, and whose
 * failures reach somebody else: a scope that awaits all that was forked in it, a log.
 *
 * <pre>{@code
 * @MayBeDropped
 * static Task<Void> inBackground(Callable<CompletionStage<Void>> body) {
 *   return Async.spawn(
 *       () -> {
 *         try {
 *           await(body.call());
 *         } catch (Exception e) {
 *           System.err.println("in the background: " + e);
 *         }
 *         return done();
 *       });
 * }
 * }</pre>
 *
 * <p>Counts for the method itself and for those that override or implement it. It is read from
 * class files, also from those of libraries. {@code @CanIgnoreReturnValue} of any package, which
 * Error Prone knows, has the same effect; this one is for who has no other reason to depend on
 * that.
 */
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.CLASS)
@Documented
public @interface MayBeDropped {}
