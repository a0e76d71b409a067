// Return types that a registered FutureAdapter makes: an interface, an abstract class, one without a constructor.
// no faults: unwoven, a method fails before the next one is called
package shapes;

import static dev.weft.Async.await;

import dev.weft.FutureAdapter;
import dev.weft.weaver.corpus.Source;
import java.util.concurrent.*;

class AdaptedReturnTypes {
  public interface Promise<T> extends CompletionStage<T> {
    default String kind() {
      return "promise";
    }
  }

  static class FuturePromise<T> extends CompletableFuture<T> implements Promise<T> {}

  public abstract static class Abstract<T> extends CompletableFuture<T> {
    abstract String kind();
  }

  public static class Labelled<T> extends CompletableFuture<T> {
    final String label;

    Labelled(String label) {
      this.label = label;
    }
  }

  private static <T, F extends CompletableFuture<T>> F follow(CompletableFuture<T> future, F follower) {
    future.whenComplete(
        (value, error) -> {
          if (error == null) {
            follower.complete(value);
          } else {
            follower.completeExceptionally(error);
          }
        });
    return follower;
  }

  static class PromiseAdapter {
    public static class Adapter implements FutureAdapter {
      public Class<?> type() {
        return Promise.class;
      }

      public <T> Promise<T> adapt(CompletableFuture<T> future) {
        return follow(future, new FuturePromise<>());
      }
    }
  }

  static class AbstractAdapter {
    public static class Adapter implements FutureAdapter {
      public Class<?> type() {
        return Abstract.class;
      }

      public <T> Abstract<T> adapt(CompletableFuture<T> future) {
        return follow(
            future,
            new Abstract<T>() {
              @Override
              String kind() {
                return "abstract";
              }
            });
      }
    }
  }

  static class LabelledAdapter {
    public static class Adapter implements FutureAdapter {
      public Class<?> type() {
        return Labelled.class;
      }

      public <T> CompletionStage<T> adapt(CompletableFuture<T> future) {
        return follow(future, new Labelled<>("label"));
      }
    }
  }

  static Promise<String> promise(Source s) {
    String text = await(s.of("a"));
    FuturePromise<String> end = new FuturePromise<>();
    end.complete(text + await(s.of("b")));
    return end;
  }

  static Abstract<Integer> anAbstract(Source s, boolean fail) {
    int n = await(s.of(1));
    if (fail) {
      throw new IllegalStateException("failed with " + n);
    }
    try {
      n += await(s.of(2));
    } finally {
      s.log("finally");
    }
    Abstract<Integer> end =
        new Abstract<>() {
          @Override
          String kind() {
            return "abstract";
          }
        };
    end.complete(n);
    return end;
  }

  static Labelled<String> labelled(Source s, boolean fail) {
    if (fail) {
      throw new IllegalArgumentException("before the first await");
    }
    Labelled<String> end = new Labelled<>("label");
    end.complete(await(s.of("c")));
    return end;
  }

  static CompletableFuture<String> run(Source s) {
    Promise<String> promise = promise(s);
    Abstract<Integer> anAbstract = anAbstract(s, false);
    Labelled<String> labelled = labelled(s, false);
    String text = promise.kind() + await(promise) + anAbstract.kind() + await(anAbstract) + labelled.label + await(labelled);
    for (int i = 0; i < 2; i++) {
      try {
        text += i == 0 ? await(anAbstract(s, true)) : await(labelled(s, true));
      } catch (IllegalStateException | IllegalArgumentException e) { // warning: [WEFT045] catch (IllegalStateException) takes the CancellationException that the await in line 131 throws when the task is cancelled, and the loop goes on: the task does not end. Write catch (CancellationException e) { throw e; } before it
        text += e.getMessage();
      }
    }
    return s.of(text);
  }
}
