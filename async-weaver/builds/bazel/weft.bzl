"""Weaves a jar that Bazel has built: deps of others name the woven one."""

def weft_woven(name, jar, deps, weaver, **kwargs):
    """Makes a java_import of the woven jar.

    Args:
      name: of the java_import
      jar: the jar as it was compiled, such as :libapp.jar
      deps: jars that its classes use, Weft's async-api among them
      weaver: the file async-weaver-agent.jar
      **kwargs: of the java_import
    """
    native.genrule(
        name = name + "_weave",
        srcs = [jar] + deps,
        outs = [name + "_woven.jar"],
        cmd = "cp $(location {jar}) $@ && chmod u+w $@ && $(JAVA) -jar $(location {weaver}) weave $@ --classpath {path}".format(
            jar = jar,
            weaver = weaver,
            path = ":".join(["$(location {})".format(dep) for dep in deps]),
        ),
        toolchains = ["@bazel_tools//tools/jdk:current_java_runtime"],
        tools = [weaver, "@bazel_tools//tools/jdk:current_java_runtime"],
    )
    native.java_import(name = name, jars = [name + "_woven.jar"], **kwargs)
