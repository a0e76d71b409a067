package dev.weft.perf.awaitcost;

import com.ea.async.instrumentation.Transformer;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiFunction;
import java.util.function.BinaryOperator;
import java.util.function.Supplier;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/**
 * The async methods of {@code EaAwaits}, transformed by stock EA Async with the ASM that comes with
 * it, and defined in a class loader of their own.
 */
@State(Scope.Benchmark)
public class EaContender {
  private static final String AWAITS = "dev.weft.perf.awaitcost.EaAwaits";

  /** Awaits one future and returns the other. */
  final BinaryOperator<CompletableFuture<Integer>> once;

  /** Awaits a number of futures, one after the other. */
  final BiFunction<Supplier<CompletableFuture<?>>, Integer, CompletableFuture<Integer>> loop;

  /** Calls that await each other, the last of them the future. */
  final BiFunction<CompletableFuture<Integer>, Integer, CompletableFuture<Integer>> chain;

  /** The same, with a handler around them. */
  final BiFunction<CompletableFuture<Integer>, Integer, CompletableFuture<Integer>> caught;

  /** Has EA Async transform the class. */
  @SuppressWarnings("unchecked")
  public EaContender() {
    try {
      Class<?> awaits = new TransformingLoader().loadClass(AWAITS);
      once =
          (BinaryOperator<CompletableFuture<Integer>>) awaits.getMethod("onceCaller").invoke(null);
      loop =
          (BiFunction<Supplier<CompletableFuture<?>>, Integer, CompletableFuture<Integer>>)
              awaits.getMethod("loopCaller").invoke(null);
      chain =
          (BiFunction<CompletableFuture<Integer>, Integer, CompletableFuture<Integer>>)
              awaits.getMethod("chainCaller").invoke(null);
      caught =
          (BiFunction<CompletableFuture<Integer>, Integer, CompletableFuture<Integer>>)
              awaits.getMethod("caughtCaller").invoke(null);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("EA Async's contender could not be set up", e);
    }
  }

  /** Defines the class that this module carries as data. Everything else comes from the parent. */
  private static final class TransformingLoader extends ClassLoader {
    TransformingLoader() {
      super(EaContender.class.getClassLoader());
    }

    @Override
    protected Class<?> findClass(String name) throws ClassNotFoundException {
      String resource = name.replace('.', '/') + ".bin";
      try (InputStream in = getResourceAsStream(resource)) {
        if (in == null) {
          throw new ClassNotFoundException(name);
        }
        byte[] compiled = in.readAllBytes();
        byte[] transformed = new Transformer().instrument(this, new ByteArrayInputStream(compiled));
        if (transformed == null) {
          throw new ClassNotFoundException(name + ": EA Async found nothing to transform in it");
        }
        return defineClass(name, transformed, 0, transformed.length);
      } catch (IOException e) {
        throw new ClassNotFoundException(name, e);
      }
    }
  }
}
