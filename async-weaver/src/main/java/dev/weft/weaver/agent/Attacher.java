package dev.weft.weaver.agent;

import com.sun.tools.attach.VirtualMachine;

/**
 * The helper process of {@link SelfAttach}: loads the agent into the JVM whose process id it is
 * given. Prints why it could not, and ends with 1.
 */
final class Attacher {
  private Attacher() {}

  /** Expects the process id and the agent's jar. */
  public static void main(String[] arguments) {
    try {
      attach(arguments[0], arguments[1]);
    } catch (NoClassDefFoundError e) {
      fail("this Java runtime was made without the module jdk.attach");
    } catch (Exception e) { // not by its types: without that module they could not be verified
      fail(String.valueOf(e.getMessage()));
    }
  }

  private static void attach(String pid, String jar) throws Exception {
    VirtualMachine jvm = VirtualMachine.attach(pid);
    try {
      jvm.loadAgent(jar);
    } finally {
      jvm.detach();
    }
  }

  private static void fail(String reason) {
    System.out.println(reason);
    System.exit(1);
  }
}
