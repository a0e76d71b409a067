package dev.weft.interop.http;

import java.util.List;
import java.util.stream.Collectors;

/**
 * What a server has made of a case.
 *
 * @param answers without that to the probe
 * @param alive whether it has answered a new connection afterwards
 */
record HttpOutcome(List<HttpAnswer> answers, Connection connection, boolean alive) {
  /** How the connection was found. */
  enum Connection {
    CLOSED,
    RESET,
    /** A further request was answered. */
    KEPT,
    /** Nothing came for as long as a run takes. */
    OPEN,
    /** By the client. */
    LEFT
  }

  boolean isClosed() {
    return connection == Connection.CLOSED || connection == Connection.RESET;
  }

  String statuses() {
    return answers.isEmpty()
        ? "nothing"
        : answers.stream()
            .map(a -> (a.status() == 9 ? "HTTP/0.9" : "" + a.status()) + (a.whole() ? "" : " cut"))
            .collect(Collectors.joining(", "));
  }
}
