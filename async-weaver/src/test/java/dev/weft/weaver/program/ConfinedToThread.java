package dev.weft.weaver.program;

import static dev.weft.Async.await;
import static dev.weft.Async.done;

import dev.weft.Async;
import dev.weft.AsyncExecutor;
import dev.weft.ExecutorAdapter;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import javax.swing.JLabel;
import javax.swing.SwingUtilities;

/**
 * The example of the README's section on EA Async: code that counted on going on on the thread
 * which completes what it awaits, as it was, and with what brings that back.
 */
final class ConfinedToThread {
  static final AsyncExecutor UI = ExecutorAdapter.of(SwingUtilities::invokeLater);

  private ConfinedToThread() {}

  /** Says on which thread it is written to. */
  private static final class Watched extends JLabel {
    private static final long serialVersionUID = 1;

    final AtomicReference<String> last = new AtomicReference<>();

    @Override
    public void setText(String text) {
      if (last != null) { // not by the constructor
        last.set(text + (SwingUtilities.isEventDispatchThread() ? " there" : " elsewhere"));
      }
    }
  }

  static CompletableFuture<Void> showAnywhere(JLabel label, CompletableFuture<String> loaded) {
    label.setText(await(loaded));
    return done();
  }

  static CompletableFuture<Void> show(JLabel label, CompletableFuture<String> loaded) {
    await(Async.on(UI)); // the event thread, from here on and after each await
    label.setText(await(loaded));
    return done();
  }

  static CompletableFuture<Void> showAtTheEnd(JLabel label, CompletableFuture<String> loaded) {
    String text = await(loaded);
    await(
        Async.on(
            UI,
            () -> {
              label.setText(text);
              return done();
            }));
    return done();
  }

  private interface Shown {
    CompletableFuture<Void> in(JLabel label, CompletableFuture<String> loaded);
  }

  /** Calls it on the event thread, and completes there what it awaits. */
  private static String shown(Shown shown) throws Exception {
    Watched label = new Watched();
    CompletableFuture<String> loaded = new CompletableFuture<>();
    CompletableFuture<CompletableFuture<Void>> call = new CompletableFuture<>();
    SwingUtilities.invokeLater(() -> call.complete(shown.in(label, loaded)));
    CompletableFuture<Void> end = call.join();
    SwingUtilities.invokeLater(() -> loaded.complete("loaded"));
    end.join();
    return label.last.get();
  }

  public static void main(String[] arguments) throws Exception {
    System.out.println("anywhere: " + shown(ConfinedToThread::showAnywhere));
    System.out.println("on: " + shown(ConfinedToThread::show));
    System.out.println("scoped: " + shown(ConfinedToThread::showAtTheEnd));
    System.exit(0); // the event thread is no daemon
  }
}
