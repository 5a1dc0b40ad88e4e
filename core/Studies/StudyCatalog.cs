using Hone.Model;
using Hone.Search;

namespace Hone.Studies;

/// <summary>The study kinds of this build. A new method is a file beside this one and a line here.</summary>
public static class StudyCatalog
{
    private static readonly IStudyKind[] Kinds = [new QuasarVit.QuasarVitKind(), new Spvit.SpvitKind(), new HeatVit.HeatVitKind(), new Synthetic.SyntheticKind()];

    /// <summary>The names of all methods.</summary>
    public static IEnumerable<string> Methods => Kinds.Select(k => k.Method);

    /// <summary>Opens a study with its method's kind.</summary>
    /// <exception cref="SpecException">Unknown method, or a specification that the method refuses.</exception>
    public static IStudy Open(StudySpec spec)
    {
        IStudyKind? kind = Array.Find(Kinds, k => k.Method == spec.Method);
        if (kind is not null)
        {
            IStudy study = kind.Open(spec);
            SearcherCatalog.Create(spec.Search.Algorithm, study.Space, spec.Objectives, spec.Search.Population, spec.Seed);   // refused here, not after the training
            return study;
        }
        string? near = Nearest.Of(spec.Method, Methods);
        throw new SpecException($"method: expected one of {string.Join(", ", Methods)}; got '{spec.Method}'{(near is null ? "" : $"; did you mean '{near}'?")}");
    }
}
