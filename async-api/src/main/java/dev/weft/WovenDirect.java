package dev.weft;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Has the weaver lower a method, or all the async methods and lambdas of a class, by its engine
 * {@code direct}, where it would otherwise choose itself ({@code engine=auto}): for a method that
 * is to have little code rather than EA Async's, which holds it twice. What the method does is the
 * same.
 *
 * <pre>{@code
 * @WovenDirect
 * static CompletableFuture<Receipt> buy(Shop shop) {
 *   return done(await(shop.pay(await(shop.price()))));
 * }
 * }</pre>
 *
 * <p>A lambda is a method of its own to the weaver, and has no annotations: it goes by its class. A
 * nested class has to be annotated itself. With {@code engine=ea} or {@code engine=direct} the
 * annotation changes nothing, nor does it at run time.
 */
@Documented
@Retention(RetentionPolicy.CLASS)
@Target({ElementType.TYPE, ElementType.METHOD})
public @interface WovenDirect {}
