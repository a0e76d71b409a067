package dev.weft.http;

import java.io.IOException;

/** The client has gone. Without a stack trace, as clients go as they like. */
final class Gone extends IOException {
  private static final long serialVersionUID = 1L;

  private Gone(String message) {
    super(message);
  }

  static Gone inTheBody() {
    return new Gone("The client has gone before the end of the body");
  }

  static Gone inTheAnswer() {
    return new Gone("The client has gone before the end of the answer");
  }

  @Override
  public synchronized Throwable fillInStackTrace() {
    return this;
  }
}
