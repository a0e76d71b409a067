package dev.weft.weaver.corpus;

/**
 * What was seen of one run of a shape.
 *
 * @param outcome what it logged, and what it returned or threw
 * @param futures how many futures it asked for
 * @param suspensions how many of them completed only after it had begun to wait for them
 */
record Observation(String outcome, int futures, int suspensions) {
  static Observation of(String[] seen) {
    return new Observation(seen[0], Integer.parseInt(seen[1]), Integer.parseInt(seen[2]));
  }
}
