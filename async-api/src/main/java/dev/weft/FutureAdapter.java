package dev.weft;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Makes the futures of a type of your own, so that methods which return that type may await. Needed
 * for types that the weaver cannot make an instance of: interfaces that extend {@link
 * CompletionStage}, and subclasses of {@link CompletableFuture} that are abstract or have no
 * constructor without parameters.
 *
 * <pre>{@code
 * public final class PromiseAdapter implements FutureAdapter {
 *   public Class<?> type() {
 *     return Promise.class;
 *   }
 *
 *   public <T> Promise<T> adapt(CompletableFuture<T> future) {
 *     return new FuturePromise<>(future);
 *   }
 * }
 * }</pre>
 *
 * The class is public, has a public constructor without parameters, and is named in {@code
 * META-INF/services/dev.weft.FutureAdapter}, for the class loader of the classes that await. It is
 * looked up once for each async method that needs it, when that method first suspends. If there is
 * none, the call that would suspend fails with an {@link IllegalStateException}; the weaver warns
 * of that beforehand.
 *
 * <p><b>Cancellation.</b> Cancelling the future that was given to {@link #adapt} cancels the method
 * behind it. What that makes forwards a cancellation to it; a {@code CompletableFuture} need not,
 * it is watched.
 */
public interface FutureAdapter {
  /** The declared return type that this adapter is for: exactly this one. */
  Class<?> type();

  /**
   * Makes what the caller of an async method gets. Called on the caller's thread, before the method
   * suspends; what this throws is thrown in the method, at its await.
   *
   * @param future completes with the outcome of the method
   * @return an instance of {@link #type} that ends as the future does
   */
  <T extends @Nullable Object> CompletionStage<T> adapt(CompletableFuture<T> future);
}
