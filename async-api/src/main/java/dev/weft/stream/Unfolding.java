package dev.weft.stream;

import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** {@code unfold}: a call for each element, with a state that goes from one to the next. */
final class Unfolding<S, T> {
  private final ThrowingFunction<
          S, ? extends CompletionStage<? extends AsyncStream.@Nullable Step<S, T>>>
      function;

  /** Changed when an element has come, and not when it is asked for. */
  private S state;

  private Unfolding(
      S start,
      ThrowingFunction<S, ? extends CompletionStage<? extends AsyncStream.@Nullable Step<S, T>>>
          function) {
    this.state = start;
    this.function = function;
  }

  static <S, T> Intake intake(
      S start,
      ThrowingFunction<S, ? extends CompletionStage<? extends AsyncStream.@Nullable Step<S, T>>>
          function) {
    Unfolding<S, T> unfolding = new Unfolding<>(start, function);
    return new AskingIntake(() -> unfolding.function.apply(unfolding.state), unfolding::arrived);
  }

  @SuppressWarnings("unchecked")
  private Object arrived(Object came) {
    AsyncStream.Step<S, T> step = (AsyncStream.Step<S, T>) came;
    state = step.state();
    return step.element();
  }
}
