package dev.weft.release;

import java.util.ArrayList;
import java.util.List;

/** What a look at a release has found: what is there, and what is wrong with it. */
final class Findings {
  private final List<String> facts = new ArrayList<>();
  private final List<String> problems = new ArrayList<>();

  void fact(String text) {
    facts.add(text);
  }

  void problem(String text) {
    problems.add(text);
  }

  List<String> facts() {
    return List.copyOf(facts);
  }

  List<String> problems() {
    return List.copyOf(problems);
  }
}
