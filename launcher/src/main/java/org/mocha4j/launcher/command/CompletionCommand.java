package org.mocha4j.launcher.command;

import java.util.concurrent.Callable;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code mocha completion bash}: a script for the shell, made of the commands and options that there are. */
@Command(name = "completion", sortOptions = false,
    description = "Prints a script that lets a shell complete commands and options.",
    footer = {"", "bash: source <(mocha completion bash)", "zsh:  source <(mocha completion zsh)",
        "In the shell's start file, ~/.bashrc or ~/.zshrc, for good."})
final class CompletionCommand implements Callable<Integer> {
    /** The shells; their names are what is typed. */
    enum Shell { bash, zsh }

    private final Host host;
    @Mixin private Help help;
    @Spec private CommandSpec spec;
    @Parameters(paramLabel = "SHELL", description = "${COMPLETION-CANDIDATES}.") private Shell shell;

    CompletionCommand(Host host) {
        this.host = host;
    }

    @Override public Integer call() {
        String script = AutoComplete.bash("mocha", spec.root().commandLine());
        // zsh runs bash's completions once these two are loaded
        host.out().print(shell == Shell.zsh ? ZSH + script : script);
        host.out().flush();
        return CommandLine.ExitCode.OK;
    }

    private static final String ZSH = "autoload -U +X compinit && compinit -u\n"
        + "autoload -U +X bashcompinit && bashcompinit\n";
}
