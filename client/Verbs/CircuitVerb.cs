using System.CommandLine;
using Hone.Model;
using Hone.Quantum.Circuits;
using Hone.Quantum.Drawing;

namespace Hone.Client.Verbs;

/// <summary><c>hone circuit</c>: the quantum engine for those who want it alone.</summary>
internal static class CircuitVerb
{
    public static Command Create(Terminal terminal) => new("circuit", "Quantum circuits in OpenQASM: draw, transpile, simulate, compress.")
    {
        Draw(terminal), CircuitTranspile.Create(terminal), CircuitSimulate.Create(terminal), CircuitCompress.Create(terminal),
    };

    public static Argument<string> File() => new("FILE") { Description = "a circuit in OpenQASM 2 or 3" };

    private static Command Draw(Terminal terminal)
    {
        Argument<string> file = File();
        var svg = new Option<string?>("--svg") { Description = "write a picture to this file instead of text" };
        var width = new Option<int>("--width") { Description = "characters in a line", DefaultValueFactory = _ => terminal.Live ? terminal.Screen.Profile.Width : 120 };
        var draw = new Command("draw", "Draw a circuit.") { file, svg, width };
        draw.SetAction(parsed =>
        {
            Circuit circuit = CircuitFile.Read(parsed.GetValue(file)!).Circuit;
            int characters = parsed.GetValue(width);
            if (characters < 20) throw new SpecException($"--width: expected at least 20 characters, got {characters}");
            if (parsed.GetValue(svg) is { } path)
            {
                CircuitFile.Write(path, SvgDrawing.Of(circuit));
                terminal.Out.WriteLine(path);
            }
            else terminal.Out.Write(TextDrawing.Of(circuit, characters));
            return 0;
        });
        return draw;
    }
}
