package dev.weft.weaver.tasks.hprof;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The threads in a heap dump: their stacks, and what their methods had in their variables. */
final class HeapThreads {
  private record Known(long object, int trace) {}

  private record Trace(long at, int frames) {}

  private final HeapDump dump;
  private final Map<Integer, Long> classBySerial = new HashMap<>();
  private final Map<Integer, Known> threads = new HashMap<>();
  private final Map<Integer, Trace> traces = new HashMap<>();
  private final IdIndex frames = new IdIndex();
  private final LongList framePlaces = new LongList();
  private final IdIndex locals = new IdIndex();

  /** For each of the locals the thread, the first one that has it. */
  private final LongList threadOfLocal = new LongList();

  HeapThreads(HeapDump dump) {
    this.dump = dump;
  }

  void loadedClass(int serial, long classId) {
    classBySerial.put(serial, classId);
  }

  void stackFrame(long id, long at) {
    if (frames.add(id) == framePlaces.size()) {
      framePlaces.add(at);
    }
  }

  void stackTrace(int serial, long at, int number) {
    if (number > 0) {
      traces.put(serial, new Trace(at, number));
    }
  }

  void thread(long objectId, int threadSerial, int traceSerial) {
    threads.put(threadSerial, new Known(objectId, traceSerial));
  }

  void local(long objectId, int threadSerial) {
    if (locals.add(objectId) == threadOfLocal.size()) {
      threadOfLocal.add(threadSerial);
    }
  }

  /** The thread that has an object in a variable; 0, which no thread is, if there is none. */
  int thatHas(long id) {
    int local = locals.find(id);
    return local < 0 ? 0 : (int) threadOfLocal.get(local);
  }

  int at(long object) {
    return threads.entrySet().stream()
        .filter(thread -> object != 0 && thread.getValue().object == object)
        .map(Map.Entry::getKey)
        .findFirst()
        .orElse(0);
  }

  long object(int threadSerial) {
    Known thread = threads.get(threadSerial);
    return thread == null ? 0 : thread.object;
  }

  List<String> stack(int threadSerial) throws IOException {
    Known thread = threads.get(threadSerial);
    Trace trace = thread == null ? null : traces.get(thread.trace);
    if (trace == null) {
      return List.of();
    }
    HprofFile file = dump.file();
    List<String> lines = new ArrayList<>();
    for (int i = 0; i < trace.frames; i++) {
      int frame = frames.find(file.id(trace.at + (long) i * file.idSize()));
      if (frame >= 0) {
        lines.add(line(framePlaces.get(frame)));
      }
    }
    return lines;
  }

  private String line(long at) throws IOException {
    HprofFile file = dump.file();
    int idSize = file.idSize();
    long sourceId = file.id(at + 2L * idSize);
    int line = file.s4(at + 3L * idSize + 4);
    Long classId = classBySerial.get(file.s4(at + 3L * idSize));
    HeapClass type = classId == null ? null : dump.classAt(classId);
    return element(
        type == null ? "<unknown>" : type.name(),
        dump.name(file.id(at)),
        sourceId == 0 ? null : dump.name(sourceId),
        line);
  }

  private static String element(String type, String method, @Nullable String source, int line) {
    int lineOrNative = line > 0 ? line : line == -3 ? -2 : -1; // the file's -3 is Java's -2: native
    return new StackTraceElement(type, method, source, lineOrNative).toString();
  }
}
