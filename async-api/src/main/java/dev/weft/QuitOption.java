package dev.weft;

import dev.weft.dump.TaskDump;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** {@code -Ddev.weft.dumpOnQuit=true}: see {@link TaskDump#onQuitSignal}. */
final class QuitOption {
  private static final Logger log = LoggerFactory.getLogger(QuitOption.class);
  private static final String OPTION = "dev.weft.dumpOnQuit";

  private QuitOption() {}

  /** To be called by each executor that starts. */
  static void heed() {
    if (Once.IS_ASKED) {
      Once.begin();
    }
  }

  /** Initialized once. */
  private static final class Once {
    static final boolean IS_ASKED = isAsked();

    private static boolean begun;

    private static boolean isAsked() {
      try {
        return Boolean.getBoolean(OPTION);
      } catch (SecurityException refused) {
        return false;
      }
    }

    static synchronized void begin() {
      if (!begun) {
        begun = true;
        try {
          TaskDump.onQuitSignal();
        } catch (IllegalStateException cannot) {
          log.warn("{} does nothing: {}", OPTION, cannot.getMessage());
        }
      }
    }
  }
}
