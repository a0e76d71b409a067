package dev.weft.perf.trial;

import java.io.IOException;

/** The worst that an echo server can do: a byte came back that was not the one sent. */
final class WrongEchoException extends IOException {
  private static final long serialVersionUID = 1L;

  WrongEchoException(String message) {
    super(message);
  }
}
