namespace Hone.Search;

/// <summary>Why a search asks for no more.</summary>
public enum StopReason
{
    /// <summary>As many trials were evaluated as the budget allows.</summary>
    Budget,

    /// <summary>1,000 rejections in a row: no candidate meets the constraints, as far as the search can see.</summary>
    Infeasible,

    /// <summary>1,000 ordinals in a row without a newly evaluated trial: the space is used up, or every evaluation fails.</summary>
    Exhausted,
}
