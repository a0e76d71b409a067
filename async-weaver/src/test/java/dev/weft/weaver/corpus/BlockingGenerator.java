package dev.weft.weaver.corpus;

import dev.weft.Task;
import dev.weft.TaskCancelledException;
import dev.weft.frame.Await;
import dev.weft.frame.Settled;
import dev.weft.stream.AsyncStream;
import dev.weft.weaver.ClassSource;
import dev.weft.weaver.Names;
import dev.weft.weaver.generator.Generators;
import dev.weft.weaver.verify.ClassHierarchy;
import java.util.HashSet;
import java.util.Objects;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.SynchronousQueue;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.commons.ClassRemapper;
import org.objectweb.asm.commons.Remapper;
import org.objectweb.asm.tree.ClassNode;
import org.objectweb.asm.tree.MethodNode;

/**
 * What a generator is where awaits block: its body has a thread of its own, and it and its consumer
 * take turns. Takes the place, and the name, of {@code dev.weft.stream.Generator} in a class whose
 * generators were {@linkplain #divide divided} and not woven.
 *
 * @param <T> the type of the elements
 */
public final class BlockingGenerator<T> implements AsyncStream<T> {
  /**
   * As {@code Generator.Body}.
   *
   * @param <T> the type of the elements
   */
  public interface Body<T> {
    CompletionStage<?> run(BlockingGenerator<T> generator);
  }

  private static final class End<T> extends Settled<@Nullable Void> implements AsyncStream<T> {
    End() {
      complete(null);
    }

    @Override
    public Task<@Nullable T> next() {
      throw new AssertionError();
    }

    @Override
    public Task<@Nullable Void> closeAsync() {
      throw new AssertionError();
    }
  }

  /** What the body hands to its consumer: an element, a failure, or neither. */
  private record Step(@Nullable Object element, @Nullable Throwable failure) {}

  private final SynchronousQueue<Boolean> turns = new SynchronousQueue<>();
  private final SynchronousQueue<Step> steps = new SynchronousQueue<>();
  private final Body<T> body;
  private boolean started;
  private @Nullable Step end;
  private boolean closed;

  private BlockingGenerator(Body<T> body) {
    this.body = body;
  }

  // ---- what the class calls

  public static <T> AsyncStream<T> of(Body<T> body) {
    return new BlockingGenerator<>(body);
  }

  public static <T> AsyncStream<T> end() {
    return new End<>();
  }

  public static <T> Task<@Nullable Void> emit(T element, BlockingGenerator<T> generator) {
    Objects.requireNonNull(element, "emit(null): null is the end of a stream");
    if (generator.closed) {
      throw new TaskCancelledException("the task was cancelled", null);
    }
    put(generator.steps, new Step(element, null));
    if (!take(generator.turns)) {
      throw new TaskCancelledException("the task was cancelled", null);
    }
    return Settled.value(null);
  }

  // ---- the two sides

  private void run() {
    Step last;
    try {
      body.run(this);
      last = new Step(null, null);
    } catch (Throwable failure) {
      last = new Step(null, failure);
    }
    put(steps, last);
  }

  private Step step(boolean goOn) {
    if (end != null) {
      return end;
    }
    if (started) {
      put(turns, goOn);
    } else {
      started = true;
      Thread thread = new Thread(this::run, "generator");
      thread.setDaemon(true);
      thread.start();
    }
    Step step = take(steps);
    if (step.element == null) {
      end = step;
    }
    return step;
  }

  @Override
  @SuppressWarnings("unchecked")
  public Task<@Nullable T> next() {
    Step step = step(true);
    return step.failure != null ? Settled.failure(step.failure) : Settled.value((T) step.element);
  }

  @Override
  public Task<@Nullable Void> closeAsync() {
    closed = true;
    if (end != null) {
      return Settled.value(null);
    }
    if (!started) {
      end = new Step(null, new TaskCancelledException("the task was cancelled", null));
      return Settled.value(null);
    }
    Step last = step(false);
    return last.failure == null || last.failure instanceof TaskCancelledException
        ? Settled.value(null)
        : Settled.failure(last.failure);
  }

  /** As an await of {@link #closeAsync} would have it: what the clean-up failed with. */
  @Override
  public void close() {
    Await.take(closeAsync());
  }

  private static <E> void put(SynchronousQueue<E> queue, E element) {
    try {
      queue.put(element);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private static <E> E take(SynchronousQueue<E> queue) {
    try {
      return queue.take();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  // ---- how a class comes to use it

  /** Divides the generators of a class, and has them blocked. */
  public static ClassNode divide(ClassNode owner) {
    HashSet<String> names = new HashSet<>();
    for (MethodNode method : owner.methods) {
      names.add(method.name);
    }
    if (new Generators(owner, names, new ClassHierarchy(ClassSource.of(null))).isEmpty()) {
      return owner;
    }
    String own = BlockingGenerator.class.getName().replace('.', '/');
    ClassNode renamed = new ClassNode();
    owner.accept(
        new ClassRemapper(
            renamed,
            new Remapper() {
              @Override
              public String map(String name) {
                return name.equals(Names.GENERATOR)
                    ? own
                    : name.equals(Names.GENERATOR_BODY) ? own + "$Body" : name;
              }
            }));
    return renamed;
  }
}
