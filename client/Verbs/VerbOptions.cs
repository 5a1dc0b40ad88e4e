using System.CommandLine;

namespace Hone.Client.Verbs;

/// <summary>Options that several verbs have, made anew for each.</summary>
internal static class VerbOptions
{
    public static Option<string> DataDir() => new("--data-dir") { Description = "folder of the store, the blobs and the silo's state", DefaultValueFactory = _ => ".hone" };

    public static Option<string?> Cluster() => new("--cluster") { Description = "a running cluster: \"redis=HOST:PORT;id=NAME\", or its data folder (the store's password and TLS: $HONE_REDIS; where silos speak TLS: \";cert=FILE;key=FILE;ca=FILE\")" };

    public static Option<string?> Out(string meaning) => new("--out") { Description = meaning };

    public static bool Json(this ParseResult parsed) => parsed.GetValue<bool>("--json");
}
