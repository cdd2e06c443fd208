package io.fanfold.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fanfold.cli.show.Table;
import io.fanfold.protocol.rights.AclCommands;
import io.fanfold.protocol.rights.Grants;
import io.fanfold.protocol.rights.Right;
import io.fanfold.protocol.rights.Role;
import io.fanfold.protocol.wire.Topics;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Prints what each role has to be allowed. */
@Command(
        name = "rights",
        mixinStandardHelpOptions = true,
        description = {
            "Print the least that each role has to be allowed by the brokers, and the commands that allow it.",
            "Nothing is asked of the brokers: fanfold doctor says what a user has."
        })
final class RightsCommand implements Callable<Integer> {
    private static final String SOMEWHERE = "HOST:PORT";

    @Option(
            names = "--role",
            paramLabel = "ROLE",
            description = "Only those of this role: producer, worker, aggregator, client (commands and programs that"
                    + " reach the fleet over Kafka) or topics (topics create); may be repeated.")
    private List<Role> roles = new ArrayList<>();

    @Option(
            names = "--pool",
            paramLabel = "POOL",
            description = "A pool that the role has to do with; may be repeated (default: default).")
    private Set<String> pools = new TreeSet<>();

    @Option(
            names = "--principal",
            paramLabel = "TYPE:NAME",
            description = "Whom the commands allow it (default: User:fanfold-ROLE).")
    @Nullable
    private String principal;

    @Option(
            names = "--topic-prefix",
            paramLabel = "PREFIX",
            defaultValue = "${env:FANFOLD_TOPIC_PREFIX:-fanfold}",
            description = "What the names of the topics and groups begin with (default: fanfold).")
    @SuppressWarnings("NullAway.Init") // set by picocli
    private String prefix;

    @Option(
            names = "--bootstrap-server",
            paramLabel = "HOST:PORT",
            defaultValue = "${env:FANFOLD_BOOTSTRAP_SERVER:-" + SOMEWHERE + "}",
            description = "The cluster that the commands name (or FANFOLD_BOOTSTRAP_SERVER).")
    @SuppressWarnings("NullAway.Init") // set by picocli
    private String bootstrapServer;

    @Mixin
    @SuppressWarnings("NullAway.Init") // set by picocli
    private Format format;

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    @Override
    public Integer call() {
        Topics topics = new Topics(prefix);
        Set<String> named = pools.isEmpty() ? Set.of(Topics.DEFAULT_POOL) : pools;
        Map<Role, List<Right>> rights = new LinkedHashMap<>();
        (roles.isEmpty() ? List.of(Role.values()) : roles)
                .forEach(role -> rights.put(role, Grants.of(role, topics, named)));
        PrintWriter out = spec.commandLine().getOut();
        if (format.json) {
            rights.forEach((role, of) -> of.forEach(right -> out.println(LetterText.line(json(role, right)))));
        } else {
            print(rights, out);
        }
        out.flush();
        return 0;
    }

    private static ObjectNode json(Role role, Right right) {
        return JobText.object()
                .put("role", role.word())
                .put("resource", right.resource().resourceType().name())
                .put("name", right.resource().name())
                .put("pattern", right.resource().patternType().name())
                .put("operation", right.operation().name())
                .put("need", right.need().name().toLowerCase(Locale.ROOT));
    }

    private void print(Map<Role, List<Right>> rights, PrintWriter out) {
        Table table = new Table("ROLE", "ON", "OPERATIONS", "FOR");
        rights.forEach((role, of) -> lines(of)
                .forEach(same -> table.row(
                        role.word(),
                        same.getFirst().subject(),
                        same.stream().map(r -> r.operation().name()).collect(Collectors.joining(", ")),
                        same.getFirst().need() == Right.Need.PURGE ? "purging" : "work")));
        table.print(out);
        rights.forEach((role, of) -> {
            out.println();
            out.println("# " + role.word());
            AclCommands.grant(bootstrapServer, principal == null ? "User:fanfold-" + role.word() : principal, of)
                    .forEach(out::println);
        });
    }

    /** Those of one resource and one need together. */
    private static Collection<List<Right>> lines(List<Right> rights) {
        return rights.stream()
                .collect(Collectors.groupingBy(
                        right -> right.need() + " " + right.subject(), LinkedHashMap::new, Collectors.toList()))
                .values();
    }
}
