package dev.weft.stream;

import java.util.ArrayList;
import java.util.List;

/** One stream after the other, of some that are there from the start. */
final class ConcatIntake extends FlatMapIntake {
  private final List<AsyncStream<?>> streams;

  private ConcatIntake(List<AsyncStream<?>> streams) {
    super(AsyncStream.from(streams), stream -> (AsyncStream<?>) stream);
    this.streams = streams;
  }

  static ConcatIntake of(List<? extends AsyncStream<?>> streams) {
    List<AsyncStream<?>> own = new ArrayList<>();
    for (AsyncStream<?> stream : streams) {
      own.add(Pipeline.own(stream));
    }
    return new ConcatIntake(own);
  }

  @Override
  List<AsyncStream<?>> others() {
    return streams;
  }
}
