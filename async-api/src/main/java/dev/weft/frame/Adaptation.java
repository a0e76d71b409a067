package dev.weft.frame;

import dev.weft.FutureAdapter;
import dev.weft.log.LimitedLog;
import java.lang.invoke.CallSite;
import java.lang.invoke.ConstantCallSite;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodHandles.Lookup;
import java.lang.invoke.MethodType;
import java.util.Iterator;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * What the caller of an async method gets in place of the frame when a {@link FutureAdapter} makes
 * it. In two steps: all code of the adapter's runs before the frame is parked, because it may
 * throw; {@link #join} after that cannot.
 *
 * <p>In an application it stands behind a call of such a method:
 *
 * <pre>{@code
 * static Promise<Receipt> order(Shop shop, Item item) { // no future that the weaver can make
 *   Price price = await(shop.price(item)); // the adapter is asked here, if this has to wait
 *   return new FuturePromise<>(shop.pay(price));
 * }
 * }</pre>
 */
public final class Adaptation {
  private static final LimitedLog LOG = LimitedLog.of(LoggerFactory.getLogger(FutureAdapter.class));

  private final CompletableFuture<Object> outcome;
  private final CompletionStage<?> stage;

  private Adaptation(CompletableFuture<Object> outcome, CompletionStage<?> stage) {
    this.outcome = outcome;
    this.stage = stage;
  }

  /**
   * Bootstrap method of the call that makes one. The adapter stays with the call, which is part of
   * the woven class: nothing outlives the class loader.
   *
   * @param caller the woven class, whose class loader knows the adapter
   * @param type {@code ()Adaptation}
   * @param declared the return type of the async method
   */
  public static CallSite prepare(Lookup caller, String name, MethodType type, Class<?> declared)
      throws ReflectiveOperationException {
    MethodHandle made =
        MethodHandles.lookup()
            .findStatic(
                Adaptation.class,
                "make",
                MethodType.methodType(Adaptation.class, Class.class, FutureAdapter.class));
    FutureAdapter adapter = find(declared, caller.lookupClass().getClassLoader());
    return new ConstantCallSite(MethodHandles.insertArguments(made, 0, declared, adapter));
  }

  private static @Nullable FutureAdapter find(Class<?> declared, @Nullable ClassLoader loader) {
    Iterator<FutureAdapter> adapters = ServiceLoader.load(FutureAdapter.class, loader).iterator();
    while (true) {
      try {
        if (!adapters.hasNext()) {
          return null;
        }
        FutureAdapter adapter = adapters.next();
        if (adapter.type() == declared) {
          return adapter;
        }
      } catch (ServiceConfigurationError broken) {
        LOG.log(
            Level.WARN,
            String.valueOf(broken.getMessage()), // which one
            "a dev.weft.FutureAdapter cannot be loaded",
            broken);
      }
    }
  }

  @SuppressWarnings("unused") // through the handle
  private static Adaptation make(Class<?> declared, @Nullable FutureAdapter adapter) {
    if (adapter == null) {
      throw new IllegalStateException(
          "an async method that returns "
              + declared.getName()
              + " cannot suspend: there is no FutureAdapter for this type. Name one in"
              + " META-INF/services/dev.weft.FutureAdapter, or return a CompletableFuture");
    }
    CompletableFuture<Object> outcome = new CompletableFuture<>();
    CompletionStage<?> stage = adapter.adapt(outcome);
    if (!declared.isInstance(stage)) {
      throw new IllegalStateException(
          "the FutureAdapter "
              + adapter.getClass().getName()
              + " is for "
              + declared.getName()
              + " and made "
              + (stage == null ? "null" : "a " + stage.getClass().getName()));
    }
    if (stage instanceof CompletableFuture<?> future && future != outcome) {
      future.whenComplete(
          (value, error) -> {
            if (future.isCancelled()) {
              outcome.cancel(false);
            }
          });
    }
    return new Adaptation(outcome, stage);
  }

  /**
   * Lets what the caller gets end as the frame does. Does not throw.
   *
   * @return what the caller gets
   */
  public static CompletionStage<?> join(CompletableFuture<?> frame, Adaptation adaptation) {
    Frame.adapt(frame, adaptation.outcome);
    return adaptation.stage;
  }
}
