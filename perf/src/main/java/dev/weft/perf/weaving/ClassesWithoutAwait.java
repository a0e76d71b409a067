package dev.weft.perf.weaving;

import dev.weft.weaver.FrameMode;
import dev.weft.weaver.WeaveResult;
import dev.weft.weaver.Weaver;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.infra.Blackhole;

/**
 * <b>Question:</b> how many classes per second pass through the weaver on one thread when none of
 * them awaits, as most classes of any application?
 *
 * <p>The classes are all of Netty's on the class path, in memory. {@link #warm} weaves one per
 * operation, in turn, with the bytes per second as a further result; {@link #cold} weaves all of
 * them once in a new JVM, as an agent or a build does, and is given in ms for all of them.
 *
 * <p><b>What would change the answer:</b> the size of the constant pools; the rest of a class file
 * is not looked at. The set does not fit the caches of a core, as no application's does.
 *
 * <p><b>What it does not show:</b> reading the files, and for an agent the JVM's call of it.
 */
@Fork(3)
public class ClassesWithoutAwait {
  /** All classes of a library. */
  @State(Scope.Thread)
  public static class Library {
    final Weaver weaver = new Weaver(name -> null, FrameMode.CLASS_FILES);
    List<byte[]> classes = List.of();
    int next;

    @Setup
    public void read() throws IOException {
      classes = ClassFiles.named("io/netty/");
    }
  }

  /** What was read, beside the number of operations, which is that of classes. */
  @State(Scope.Thread)
  @AuxCounters(AuxCounters.Type.OPERATIONS)
  public static class Volume {
    public double megabytes;
  }

  @Benchmark
  @BenchmarkMode(Mode.Throughput)
  @OutputTimeUnit(TimeUnit.SECONDS)
  @Warmup(iterations = 3, time = 1)
  @Measurement(iterations = 5, time = 1)
  public WeaveResult warm(Library library, Volume volume) {
    byte[] classFile = library.classes.get(library.next);
    library.next = (library.next + 1) % library.classes.size();
    volume.megabytes += classFile.length / 1e6;
    return library.weaver.weave(classFile);
  }

  @Benchmark
  @BenchmarkMode(Mode.SingleShotTime)
  @OutputTimeUnit(TimeUnit.MILLISECONDS)
  @Warmup(iterations = 0)
  @Measurement(iterations = 1)
  @Fork(10)
  public void cold(Library library, Blackhole results) {
    for (byte[] classFile : library.classes) {
      results.consume(library.weaver.weave(classFile));
    }
  }
}
