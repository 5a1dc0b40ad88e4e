using Hone.Model;
using Hone.Search;

namespace Hone.Studies;

/// <summary>The study kinds of this build. A new method is a file beside this one and a line here.</summary>
public static class StudyCatalog
{
    private static readonly IStudyKind[] Kinds =
    [
        new QuasarVit.QuasarVitKind(), new Spvit.SpvitKind(), new HeatVit.HeatVitKind(), new TriLevel.TriLevelKind(), new DataTicket.DataTicketKind(), new CompVqc.CompVqcKind(), new Synthetic.SyntheticKind(),
    ];

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
            SearcherCatalog.Create(spec.Search, study.Space, spec.Objectives, spec.Seed);   // refused here, not after the training
            if (spec.Search.Rungs is not null && !study.Trains)
                throw new SpecException($"search.algorithm: expected one of {string.Join(", ", SearcherCatalog.Names.Where(n => n != SearchSpec.Halving))} for {spec.Method}, whose candidates are not trained each for itself, so that there is nothing to train less of; got '{SearchSpec.Halving}'");
            return study;
        }
        string? near = Nearest.Of(spec.Method, Methods);
        throw new SpecException($"method: expected one of {string.Join(", ", Methods)}; got '{spec.Method}'{(near is null ? "" : $"; did you mean '{near}'?")}");
    }
}
