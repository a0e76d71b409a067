/**
 * The weaver. Its shells stand alone: the agent and the command line are one jar with all that they
 * need, on the class path, and Maven loads its plugin by itself. The module is for programs that
 * weave by {@link dev.weft.weaver.Weaver}.
 */
module dev.weft.weaver {
  requires transitive java.instrument;
  requires java.management;
  requires java.management.rmi;
  requires jdk.attach;
  requires jdk.management;
  requires info.picocli;
  requires org.objectweb.asm;
  requires org.objectweb.asm.commons;
  requires org.objectweb.asm.tree;
  requires org.objectweb.asm.tree.analysis;
  requires org.objectweb.asm.util;
  requires static org.jspecify;
  requires static maven.plugin.api;

  exports dev.weft.weaver;

  opens dev.weft.weaver.cli to
      info.picocli;
}
