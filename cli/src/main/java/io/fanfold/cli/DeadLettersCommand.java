package io.fanfold.cli;

import io.fanfold.producer.client.DeadLetters;
import io.fanfold.protocol.wire.KafkaSettings;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Looks at what a fleet has set aside. */
@Command(
        name = "dead-letters",
        mixinStandardHelpOptions = true,
        description = "Look at the records that workers have set aside, and run them again.",
        subcommands = {ListLettersCommand.class, ShowLetterCommand.class, ReplayLettersCommand.class})
final class DeadLettersCommand implements Runnable {
    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(
                spec.commandLine(), "dead-letters list, dead-letters show or dead-letters replay?");
    }

    /** What the three have in common: which broker, and where they print. */
    abstract static class OnLetters implements Callable<Integer> {
        @Mixin
        @SuppressWarnings("NullAway.Init") // set by picocli
        BrokerOptions broker;

        @Mixin
        @SuppressWarnings("NullAway.Init") // set by picocli
        Verbosity verbosity;

        @Spec
        @SuppressWarnings("NullAway.Init") // set by picocli
        CommandSpec spec;

        /** Does it; returns the exit code. */
        abstract int on(DeadLetters letters, PrintWriter out) throws IOException;

        @Override
        public Integer call() throws IOException, InterruptedException {
            Logs.people(verbosity.verbose);
            KafkaSettings kafka = broker.kafka();
            return OnCluster.run(kafka, () -> on(kafka));
        }

        private int on(KafkaSettings kafka) throws IOException {
            try (DeadLetters letters = DeadLetters.connect(kafka, "fanfold-dead-letters")) {
                PrintWriter out = spec.commandLine().getOut();
                int code = on(letters, out);
                out.flush();
                return code;
            }
        }
    }
}
