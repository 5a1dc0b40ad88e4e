using System.Text.Json.Serialization;

namespace Hone.Neural.Vit;

/// <summary>Rules that choose tokens without having learned to, and what learned selection is held against: as many tokens, the same training.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<TokenRule>))]
public enum TokenRule
{
    /// <summary>Drawn anew for each image and step.</summary>
    Random,

    /// <summary>Those that the class token attends to most in the block before.</summary>
    ClassAttention,

    /// <summary>Those nearest to the image's centre.</summary>
    Centre,

    /// <summary>Those whose pixels vary most.</summary>
    Variance,
}
