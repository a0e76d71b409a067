package dev.weft.perf.weaving;

import dev.weft.weaver.ClassSource;
import dev.weft.weaver.Engine;
import dev.weft.weaver.FrameMode;
import dev.weft.weaver.WeaveResult;
import dev.weft.weaver.Weaver;
import dev.weft.weaver.WeaverOptions;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.infra.Blackhole;

/**
 * <b>Question:</b> how many async methods per second are woven on one thread, verification
 * included, by each engine?
 *
 * <p>The classes are the async ones of the weaver's corpus: small methods, but every shape that
 * javac makes of an await. {@link #warm} weaves one class per operation, in turn, and counts
 * methods beside; {@link #first} weaves a single class in a new JVM, which is what the agent adds
 * to the first use of an async class; {@link #cold} weaves each class once in a new JVM, as a build
 * does, and is given in ms for all of them.
 *
 * <p><b>What would change the answer:</b> the size of the methods, and how many other classes have
 * to be read to learn who extends whom. These are read from the class path here.
 *
 * <p><b>What it does not show:</b> writing the files. Classes that an engine refuses are left out
 * for that engine, so the sets differ by a few.
 */
@Fork(3)
public class AsyncMethods {
  /** The classes of the corpus that an engine weaves. */
  @State(Scope.Thread)
  public static class Corpus {
    @Param({"AUTO", "EA", "DIRECT"})
    public Engine engine = Engine.AUTO;

    List<byte[]> classes = List.of();

    Weaver weaver() {
      return new Weaver(
          ClassSource.of(Corpus.class.getClassLoader()),
          FrameMode.CLASS_FILES,
          WeaverOptions.DEFAULT.withEngine(engine));
    }

    /** All of the corpus: what is cold must not be woven to see whether it can be. */
    @Setup
    public void compile() throws IOException {
      classes = ClassFiles.corpus();
    }
  }

  /** The part of the corpus that has something to weave. */
  @State(Scope.Thread)
  public static class Woven {
    final List<byte[]> classes = new ArrayList<>();
    int next;

    @Setup
    public void choose(Corpus corpus) {
      for (byte[] classFile : corpus.classes) {
        if (corpus.weaver().weave(classFile).bytes() != null) {
          classes.add(classFile);
        }
      }
    }
  }

  /** What was woven, beside the number of operations, which is that of classes. */
  @State(Scope.Thread)
  @AuxCounters(AuxCounters.Type.OPERATIONS)
  public static class Volume {
    public int methods;
    public double megabytes;
  }

  @Benchmark
  @BenchmarkMode(Mode.Throughput)
  @OutputTimeUnit(TimeUnit.SECONDS)
  @Warmup(iterations = 5, time = 2)
  @Measurement(iterations = 5, time = 2)
  public WeaveResult warm(Corpus corpus, Woven woven, Volume volume) {
    byte[] classFile = woven.classes.get(woven.next);
    woven.next = (woven.next + 1) % woven.classes.size();
    WeaveResult result = corpus.weaver().weave(classFile);
    volume.methods += result.methods().size();
    volume.megabytes += classFile.length / 1e6;
    return result;
  }

  @Benchmark
  @BenchmarkMode(Mode.SingleShotTime)
  @OutputTimeUnit(TimeUnit.MILLISECONDS)
  @Warmup(iterations = 0)
  @Measurement(iterations = 1)
  @Fork(5)
  public void cold(Corpus corpus, Blackhole results) {
    Weaver weaver = corpus.weaver();
    for (byte[] classFile : corpus.classes) {
      results.consume(weaver.weave(classFile));
    }
  }

  @Benchmark
  @BenchmarkMode(Mode.SingleShotTime)
  @OutputTimeUnit(TimeUnit.MILLISECONDS)
  @Warmup(iterations = 0)
  @Measurement(iterations = 1)
  @Fork(5)
  public WeaveResult first(Corpus corpus) {
    Weaver weaver = corpus.weaver();
    for (byte[] classFile : corpus.classes) {
      WeaveResult result = weaver.weave(classFile);
      if (result.bytes() != null) {
        return result;
      }
    }
    throw new IllegalStateException("nothing in the corpus awaits");
  }
}
